import type { Schema } from './lifting.ts';

/** What every log can be told when it is opened. */
export interface LogOptions {
  /**
   * How long a key is known at least, in ms; after that it is forgotten by and by. Default 7 days. A fact that is
   * older and comes again is not known any more: who publishes refuses it.
   */
  keepKeys?: number;
  /** What the bodies are, and how older ones are read. Default: version 1, of which there is nothing older. */
  schema?: Schema;
}

/** Default of {@link LogOptions.keepKeys}. */
export const KEEP_KEYS = 7 * 24 * 3_600_000;
