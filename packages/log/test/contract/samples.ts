import type { Room, Subject } from '@netbuild/realtime-protocol';
import { expect } from 'vitest';
import type {
  Entry,
  Group,
  Log,
  LogErrorCode,
  NewEvent,
  Read,
  Retention,
  StoredRow,
  Trimmed,
} from '../../src/index.ts';

let count = 0;

/** An event of the task `id`, open and in one room unless told otherwise. */
export function event(id: string, more: Partial<NewEvent> = {}): NewEvent & { subject: Subject } {
  const subject: Subject = `task/${id}`;
  return {
    rooms: ['process:p'],
    left: [],
    open: true,
    body: JSON.stringify({ id, n: ++count }),
    ...more,
    subject,
  };
}

/** A group with a key of its own. */
export function group(events: NewEvent[], reads: Read[] = [], more: Partial<Group> = {}): Group {
  return { key: `test/${++count}`, reads, events, ...more };
}

/** The seqs of entries. */
export function seqsOf(entries: { seq: number }[]): number[] {
  return entries.map(({ seq }) => seq);
}

/** 1, 2, 3, … */
export function upTo(head: number): number[] {
  return Array.from({ length: head }, (_, n) => n + 1);
}

/** Trims until there is nothing more to do. */
export async function trimAll(log: Log, domain: string, retention: Retention): Promise<Trimmed> {
  for (;;) {
    const trimmed = await log.trim(domain, retention);
    if (!trimmed.more) return trimmed;
  }
}

/** The whole log of a domain, page by page. */
export async function everything(log: Log, domain: string, rooms?: Room[], limit = 1000): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let after = 0; ; ) {
    const { entries, more } = await log.read(domain, { after, limit, ...(rooms && { rooms }) });
    all.push(...entries);
    if (!more) return all;
    after = entries.at(-1)!.seq;
  }
}

/** Every row of a domain, page by page, each once. */
export async function allRows(
  log: Log,
  domain: string,
  limit = 1000,
  between: () => Promise<unknown> = async () => undefined,
): Promise<Map<Subject, StoredRow>> {
  const all = new Map<Subject, StoredRow>();
  let after: string | undefined;
  do {
    const page = await log.everyRow(domain, { limit, ...(after !== undefined && { after }) });
    for (const row of page.rows) all.set(row.subject, row);
    after = page.next;
    if (after !== undefined) await between();
  } while (after !== undefined);
  return all;
}

/** Expects a call to be refused with this code, and its message to say what it is about. */
export async function expectError(
  call: Promise<unknown>,
  code: LogErrorCode,
  message: RegExp,
): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'LogError', code });
  expect((error as Error).message).toMatch(message);
}
