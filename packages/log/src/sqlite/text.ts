/** A text as it is stored. */
export type Text = string | Uint8Array;

/**
 * A text for storing. SQLite keeps UTF-8, which has no lone surrogates: they would all become the same
 * replacement character, so that two keys could be taken for one. Such a text is stored as its UTF-16 bytes.
 */
export function toText(text: string): Text {
  return text.isWellFormed() ? text : Buffer.from(text, 'utf16le');
}

/** The text that was stored. */
export function fromText(stored: Text): string {
  if (typeof stored === 'string') return stored;
  return Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('utf16le');
}

/** Compares two texts as the database's indexes do. */
export function compareText(a: string, b: string): number {
  const [x, y] = [toText(a), toText(b)];
  if (typeof x !== typeof y) return typeof x === 'string' ? -1 : 1;
  return Buffer.compare(Buffer.from(x as string), Buffer.from(y as string));
}
