import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Connection, renew } from './connection.ts';

/** Who wants to be woken. */
export interface Sleeper {
  /** Something was written, by a process of this name. */
  wake(message: string): void;
  /** Wake-ups may have been missed until now. */
  missed(): void;
}

/** Probes that may stay without an echo before the connection is made anew. */
const LOST_PROBES = 3;

/**
 * The second connection, which only wakes. A subscription can be dead without a sign, so it calls itself on a
 * channel of its own, and hangs up where it does not hear that.
 */
export class Subscriber {
  readonly #client: Redis;
  readonly #connection: Connection;
  readonly #probe: string;
  readonly #sleepers = new Map<string, Sleeper>();
  #unheard = 0;

  constructor(client: Redis, connection: Connection, prefix: string) {
    this.#client = client;
    this.#connection = connection;
    this.#probe = `${prefix}probe:${randomUUID()}`;
    client.on('ready', () => void this.#resubscribe());
    client.on('message', (channel: string, message: string) => {
      if (channel === this.#probe) this.#unheard = 0;
      else this.#sleepers.get(channel)?.wake(message);
    });
  }

  /** Wakes someone whenever something is written to a channel, from about now on. */
  add(channel: string, sleeper: Sleeper): void {
    this.#sleepers.set(channel, sleeper);
    if (this.#client.status !== 'ready') return;
    this.#client.subscribe(channel).then(
      () => sleeper.missed(),
      () => renew(this.#client),
    );
  }

  /** Calls itself, and hangs up where earlier calls were not heard. */
  async probe(): Promise<void> {
    if (this.#client.status !== 'ready' || !this.#connection.isReady) return;
    if (this.#unheard >= LOST_PROBES) {
      this.#unheard = 0;
      renew(this.#client);
      return;
    }
    this.#unheard++;
    await this.#connection.command('PUBLISH', [this.#probe, '']);
  }

  close(): void {
    this.#sleepers.clear();
    this.#client.disconnect();
  }

  /** Comes before the comparison: what is written in between would be missed by both. */
  async #resubscribe(): Promise<void> {
    this.#unheard = 0;
    try {
      await this.#client.subscribe(this.#probe, ...this.#sleepers.keys());
    } catch {
      // Lost again already, or refused: without it nobody would be woken.
      renew(this.#client);
      return;
    }
    for (const sleeper of this.#sleepers.values()) sleeper.missed();
  }
}
