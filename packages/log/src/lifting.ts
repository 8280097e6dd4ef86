import type { Subject } from '@netbuild/realtime-protocol';
import { LogError } from './log-error.ts';

/** The shape of bodies. Each is stored with the version that wrote it, and is lifted whenever it is read. */
export interface Schema {
  /** The version of what is written now, from 1. */
  version: number;
  /** The body as this version would have written it. `from` is lower than `version`; custom events have no subject. */
  lift(body: string, from: number, subject: Subject | undefined): string;
}

/** Where nobody says what bodies are. */
export const PLAIN_SCHEMA: Schema = { version: 1, lift: (body) => body };

/** Something with a body, and the version that wrote it; none: the current one. */
export type Stamped<T> = T & { version?: number };

/** Brings what was stored to the current version; what is already costs nothing. */
export class Lifting {
  readonly #schema: Schema;

  constructor(schema: Schema = PLAIN_SCHEMA) {
    this.#schema = schema;
  }

  /** The version of what is written now. */
  get version(): number {
    return this.#schema.version;
  }

  /** @throws LogError `newer` where a version wrote it that this one does not know. */
  lift<T extends { body: string; subject?: Subject }>(stamped: Stamped<T>): T {
    if (stamped.version === undefined) return stamped;
    const { version: from, ...rest } = stamped;
    if (from > this.version) {
      throw new LogError(
        'newer',
        `A newer version wrote what is stored (its schema is ${from}, this one knows ${this.version}).`,
      );
    }
    return { ...rest, body: this.#schema.lift(stamped.body, from, stamped.subject) } as unknown as T;
  }
}
