/** Marks a text that could not be stored as it is; no body and hardly any name begins with it. */
const MARK = '\uffff';

/**
 * A name as it is stored. Redis keeps bytes: UTF-8 has no lone surrogates (two such names could be taken for
 * one), and control characters separate the parts of a record. A name that has either is stored as JSON, which
 * escapes both, behind a mark; all others stand as they are.
 */
export function toName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  return name.isWellFormed() && !/^\uffff|[\u0000-\u001f]/.test(name) ? name : MARK + JSON.stringify(name);
}

/** What stored names begin with, of those that begin so. */
export function toBeginnings(start: string): string[] {
  return [start, MARK + JSON.stringify(start).slice(0, -1)];
}

/** The name that was stored. */
export function fromName(stored: string): string {
  return stored.startsWith(MARK) ? (JSON.parse(stored.slice(1)) as string) : stored;
}

/** Names in one text, a line each. */
export function toNames(names: readonly string[]): string {
  return names.map(toName).join('\n');
}

/** The names that were stored. */
export function fromNames<T extends string>(stored: string): T[] {
  return stored === '' ? [] : stored.split('\n').map((name) => fromName(name) as T);
}

/** A body as it is stored: as it came, unless UTF-8 cannot hold it. It is never parsed. */
export function toBody(body: string): string {
  return body.isWellFormed() ? body : MARK + JSON.stringify(body);
}

/** The keys of a domain. Their names share a hash tag, so that a cluster keeps them on one node. */
export interface DomainKeys {
  /** What all of them begin with: events, rooms, open rows and idempotency keys hang below it. */
  base: string;
  /** Head, epoch, master's replication id, floor, and up to where ended rows are removed, as a hash. */
  meta: string;
  /** The lives, `<epoch> <from>` each, as a list. */
  lives: string;
  /** The rows, `<seq> <first>` each, as a hash by subject: where the last event and the first are. */
  rows: string;
  /** When the head was where, as a sorted set: events have no time of their own. */
  marks: string;
  /** Readers of their own pace, and how far they are, as a hash. */
  readers: string;
  /** The channel on which writes are announced. */
  wake: string;
  /** The channel of words that are kept nowhere. */
  words: string;
}

/** The keys of a domain. */
export function keysOf(prefix: string, domain: string): DomainKeys {
  // Escaped, since a brace in a domain's name would end the hash tag early.
  const base = `${prefix}{${encodeURIComponent(toName(domain))}}:`;
  return {
    base,
    meta: `${base}meta`,
    lives: `${base}lives`,
    rows: `${base}rows`,
    marks: `${base}marks`,
    readers: `${base}readers`,
    wake: `${base}wake`,
    words: `${base}words`,
  };
}

/** The key of the names of all domains, as a set. */
export function domainsKeyOf(prefix: string): string {
  return `${prefix}domains`;
}
