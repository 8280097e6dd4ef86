import { EventEmitter } from 'node:events';

/** Sockets that were opened, newest last; `vi.mock('socket.io-client')` puts it in place. */
export const opened: FakeSocket[] = [];

/** A socket whose server is the test. */
export class FakeSocket extends EventEmitter {
  connected = true;
  isClosed = false;
  readonly sent: string[] = [];
  #any: (() => void)[] = [];

  onAny(listener: () => void): void {
    this.#any.push(listener);
  }

  timeout(): { emit: (name: string) => void } {
    return { emit: (name) => void this.sent.push(name) };
  }

  override off(): this {
    this.removeAllListeners();
    return this;
  }

  disconnect(): void {
    this.isClosed = true;
  }

  /** The server says something. */
  say(name: string, payload?: unknown): void {
    for (const listener of this.#any) listener();
    this.emit(name, payload);
  }
}

/** What stands for the module `socket.io-client`. */
export const fakeModule = {
  io: (): FakeSocket => {
    const socket = new FakeSocket();
    opened.push(socket);
    return socket;
  },
};
