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
 * Whether the log still has what a client at this position has seen.
 * It has, if the position's own life is known and no later life began at or before it.
 */
export function isPositionGood(lives: readonly Life[], epoch: string, seq: number): boolean {
  const own = lives.findIndex((life) => life.epoch === epoch);
  return own >= 0 && lives.slice(own + 1).every((life) => seq < life.from);
}
