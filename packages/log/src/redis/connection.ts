import { Redis } from 'ioredis';
import { LogError } from '../log-error.ts';
import { isLost, startsWith, toLogError } from './failure.ts';
import type { Script } from './scripts.ts';

/** How a connection waits. */
export interface Patience {
  /** For an answer, in ms; then the connection is made anew. */
  answer: number;
  /** For the connection to come back, in ms; then calls are refused. */
  connection: number;
}

/**
 * Makes a client that keeps nothing for later. A command that cannot be sent, or was under way when the
 * connection broke, is rejected: a queue would grow without bound while Redis is away, and a command that is
 * sent again behind the caller's back would break the order.
 */
export function createClient(url: string, patience: Patience): Redis {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    commandTimeout: patience.answer,
    connectTimeout: patience.answer,
    retryStrategy: (times) => Math.min(20 * times, 1000),
    protocol: 2,
  });
  // Without a listener the client prints each error; who has a command under way is told anyway.
  client.on('error', () => {});
  return client;
}

const hangingUp = new WeakSet<Redis>();

/** Hangs up and calls again; once, however many find that out. */
export function renew(client: Redis): void {
  if (client.status !== 'ready' || hangingUp.has(client)) return;
  hangingUp.add(client);
  client.once('close', () => hangingUp.delete(client));
  client.disconnect(true);
}

/** The connection on which commands go. */
export class Connection {
  readonly client: Redis;
  readonly #patience: Patience;
  #arriving: Promise<void> | undefined;

  constructor(client: Redis, patience: Patience) {
    this.client = client;
    this.#patience = patience;
  }

  get isReady(): boolean {
    return this.client.status === 'ready' && !hangingUp.has(this.client);
  }

  /**
   * Runs a script.
   *
   * @throws LogError `unwritable` or `failed`. After the latter it may have been done.
   */
  async run(script: Script, keys: string[], args: string[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.#send('EVALSHA', [script.sha, ...rest]);
    } catch (error) {
      if (!startsWith(error, 'NOSCRIPT')) throw toLogError(error);
    }
    // It was never loaded, or Redis has restarted since.
    return this.command('EVAL', [script.text, ...rest]);
  }

  /** Sends one command. */
  async command(name: string, args: string[]): Promise<unknown> {
    try {
      return await this.#send(name, args);
    } catch (error) {
      throw toLogError(error);
    }
  }

  async #send(name: string, args: string[]): Promise<unknown> {
    if (!this.isReady) await this.#ready();
    try {
      return await this.client.call(name, args);
    } catch (error) {
      // No answer: it is frozen, or the line is half open. A replica: the name may lead to the new master by now.
      if (isLost(error) || startsWith(error, 'READONLY')) renew(this.client);
      // A line that is closing refuses at once: who tries again at once would never let its end be noticed.
      if (isLost(error)) await new Promise((done) => setImmediate(done));
      throw error;
    }
  }

  /** Waits a little for a connection that is being made; all who wait share one timer. */
  #ready(): Promise<void> {
    this.#arriving ??= new Promise<void>((resolve, reject) => {
      const { client } = this;
      const done = (error?: LogError) => {
        clearTimeout(timer);
        client.off('ready', ready);
        this.#arriving = undefined;
        if (error) reject(error);
        else resolve();
      };
      const ready = () => done();
      const timer = setTimeout(
        () => done(new LogError('failed', 'there is no connection to Redis')),
        this.#patience.connection,
      );
      client.on('ready', ready);
    });
    return this.#arriving;
  }

  /** Lets what was sent be answered, and hangs up. */
  async close(): Promise<void> {
    if (this.isReady) await this.client.quit().catch(() => undefined);
    this.client.disconnect();
  }
}
