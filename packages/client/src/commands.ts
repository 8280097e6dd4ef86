import type { CommandAck, CommandInput, CommandName, CommandResults } from '@netbuild/realtime-protocol';
import type { Connection } from './core/connection.ts';
import { type ErrorDetails, RealtimeError } from './core/error.ts';
import { newId } from './new-id.ts';

/** What a command has brought about, and the position from which on it can be seen. */
export interface CommandDone<N extends CommandName = CommandName> {
  commandId: string;
  epoch: string;
  seq: number;
  result: CommandResults[N];
}

/** The server's acknowledgement, or the client's own word that there is none. */
type Outcome = CommandAck | { success: false; error: ErrorDetails };

interface Open {
  name: string;
  input: object & { commandId: string };
  until: number;
  settle: (ack: Outcome) => void;
}

/** Commands under way. Each keeps its id for life, so that sending it again can't do it twice. */
export class Commands {
  #open = new Map<string, Open>();
  #connection: Connection;
  #timeout: number;

  constructor(connection: Connection, timeout: number) {
    this.#connection = connection;
    this.#timeout = timeout;
  }

  run<N extends CommandName>(name: N, given: CommandInput<N>): Promise<CommandDone<N>> {
    const status = this.#connection.status.getSnapshot();
    if (status.state === 'refused') return Promise.reject(new RealtimeError(status.error));
    const commandId = given.commandId ?? newId();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle({ success: false, error: TIMEOUT }), this.#timeout);
      const settle = (ack: Outcome) => {
        clearTimeout(timer);
        if (this.#open.get(commandId) === command) this.#open.delete(commandId);
        if (!ack.success) {
          reject(new RealtimeError(ack.error));
          return;
        }
        resolve({ commandId, epoch: ack.epoch, seq: ack.seq, result: ack.result as CommandResults[N] });
      };
      const command: Open = {
        name,
        input: { ...given, commandId },
        until: Date.now() + this.#timeout,
        settle,
      };
      this.#open.set(commandId, command);
      if (this.#connection.isReady) this.#send(command);
    });
  }

  /** Sends what is unanswered once more, in the order of its first time. */
  resend(): void {
    for (const command of this.#open.values()) this.#send(command);
  }

  /** Fails everything that is under way. */
  fail(error: ErrorDetails): void {
    for (const command of this.#open.values()) command.settle({ success: false, error });
  }

  #send(command: Open): void {
    const settle = (ack?: CommandAck): void => {
      // Unanswered, it stays open for the next connection.
      if (ack) command.settle(ack);
    };
    this.#connection.send(command.name, command.input, settle, command.until - Date.now());
  }
}

const TIMEOUT = {
  code: 'timeout',
  message: 'No answer in time; it is not known whether this took effect.',
  retryable: true,
} as const satisfies ErrorDetails;
