import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entry, type Log, type LogOptions, openSqliteLog } from '@netbuild/realtime-log';
import type { Fact, RealtimeEvent, Room, Subject } from '@netbuild/realtime-protocol';
import { onTestFinished } from 'vitest';

export const DOMAIN = 'acme';

/** A log in a folder of its own; both are gone when the test ends. */
export async function openLog(options: LogOptions = {}): Promise<Log> {
  const directory = await mkdtemp(join(tmpdir(), 'publish-test-'));
  const log = await openSqliteLog({ directory, ...options });
  onTestFinished(async () => {
    await log.close();
    await rm(directory, { recursive: true });
  });
  return log;
}

/** An event as it stands in the log. */
export type Logged = RealtimeEvent<string>;

/** Every event of a domain, in order. */
export async function events(log: Log, domain = DOMAIN): Promise<Logged[]> {
  const all: Entry[] = [];
  for (;;) {
    const page = await log.read(domain, { after: all.at(-1)?.seq ?? 0, limit: 1000 });
    all.push(...page.entries);
    if (!page.more) return all.map(({ seq, body }) => ({ ...(JSON.parse(body) as Logged), seq }));
  }
}

/** The row of a subject, as the event that it is. */
export async function row(log: Log, name: Subject): Promise<Logged | undefined> {
  const [found] = await log.rows(DOMAIN, [name]);
  return found && { ...(JSON.parse(found.body) as Logged), seq: found.seq };
}

/** The open rows of rooms, by name. */
export async function open(log: Log, ...rooms: Room[]): Promise<string[]> {
  const { rows } = await log.snapshot(DOMAIN, { rooms, limit: 10_000 });
  return rows.map(({ subject }) => subject);
}

let count = 0;

/** A fact; its id is its own unless it is given. */
export function fact(type: string, data: object, more: Partial<Fact> = {}): Fact {
  return { source: 'test', id: `fact-${++count}`, type, time: '2026-01-01T12:00:00.000Z', data, ...more };
}

/** A task that somebody else becomes a candidate of: a change that stands beside all others. */
export function candidate(taskId: string, user: string): Fact {
  return fact('task:updated', { taskId, candidates: { addUsers: [user] } });
}
