import type { Entry, Log, StoredRow } from '@netbuild/realtime-log';
import { expect } from 'vitest';
import type { Archived } from '../../src/archive/store.ts';

/** What a comparison has looked at. */
export interface Compared {
  /** Messages that the log has rows of. */
  messages: number;
  /** Of them, those whose bodies are in the store alone. */
  away: number;
}

/**
 * Expects the store to be as the log is: each message is in it where it stands in the log, to the letter; and beside
 * that nothing is, but for what the log itself still remembers of them, or may still need.
 *
 * @param log as it is, without what the store completes it with
 * @param taken what a life had erased that is over now; what the log has let go of before may be gone with it
 */
export async function expectStoreLikeLog(
  log: Log,
  store: { all(domain: string): Archived[] | Promise<Archived[]> },
  domain: string,
  taken: ReadonlySet<string> = new Set(),
): Promise<Compared> {
  const { floor } = await log.head(domain);
  const rows = new Map<string, StoredRow>();
  let next: string | undefined;
  do {
    const page = await log.everyRow(domain, { limit: 1000, ...(next !== undefined && { after: next }) });
    for (const row of page.rows) if (row.subject.startsWith('message/')) rows.set(row.subject, row);
    ({ next } = page);
  } while (next !== undefined);
  const past = new Map<number, Entry>();
  for (let after = 0, more = true; more; ) {
    const page = await log.read(domain, { after, limit: 1000 });
    for (const entry of page.entries) past.set(entry.seq, entry);
    after = page.entries.at(-1)?.seq ?? after;
    ({ more } = page);
  }

  const wrong: string[] = [];
  const stored = new Map((await store.all(domain)).map((one) => [one.seq, one]));
  for (const { subject, seq, body, away } of rows.values()) {
    const found = stored.get(seq);
    if (away && taken.has(subject)) continue;
    if (found?.subject !== subject) wrong.push(`${subject} is missing at ${seq}`);
    else if (!away && found.body !== body) wrong.push(`${subject} is another one at ${seq}`);
  }
  for (const { seq, subject, body } of stored.values()) {
    const row = rows.get(subject);
    const isLast = row?.seq === seq;
    const isPast = seq > floor && past.get(seq)?.subject === subject && past.get(seq)?.body === body;
    const isNeeded = seq <= floor && row !== undefined && row.seq > floor;
    if (!(isLast || isPast || isNeeded)) wrong.push(`${subject} at ${seq} is not in the log`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  return { messages: rows.size, away: [...rows.values()].filter(({ away }) => away).length };
}
