/** One life of a domain's log. A new one begins whenever the log may have been rewound. */
export interface Life {
  /** Random id of this life. */
  epoch: string;
  /** The first sequence number that belongs to it; what lies before was inherited from earlier lives. */
  from: number;
}

/**
 * "I have everything of my rooms up to here", as `EPOCH:SEQ`.
 * The same string stands in HTTP queries, event-stream ids and the storage of clients.
 */
export type Position = `${string}:${number}`;

const PATTERN = /^([A-Za-z0-9_-]{1,64}):(0|[1-9][0-9]{0,15})$/;

/** Writes a position. */
export function formatPosition(epoch: string, seq: number): Position {
  return `${epoch}:${seq}`;
}

/**
 * Reads a position.
 *
 * @returns `undefined` where the text is none: no epoch, a negative or fractional number, or one above 2^53.
 */
export function parsePosition(text: string): { epoch: string; seq: number } | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const seq = Number(match[2]);
  return Number.isSafeInteger(seq) ? { epoch: match[1]!, seq } : undefined;
}

/**
 * Where the first life after a position's own began: what lies before it is still as a client has seen it.
 *
 * @returns `undefined` where no life has begun since; 0 where the position's own life is not known
 */
export function forkAfter(lives: readonly Life[], epoch: string): number | undefined {
  const own = lives.findIndex((life) => life.epoch === epoch);
  if (own < 0) return 0;
  const later = lives.slice(own + 1).map((life) => life.from);
  return later.length === 0 ? undefined : Math.min(...later);
}

/** Whether the log still has what a client at this position has seen. */
export function isPositionGood(lives: readonly Life[], epoch: string, seq: number): boolean {
  return seq < (forkAfter(lives, epoch) ?? Number.POSITIVE_INFINITY);
}
