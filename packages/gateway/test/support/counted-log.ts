import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, openSqliteLog } from '@netbuild/realtime-log';
import { AT_WORK, UNDER_WAY } from '@netbuild/realtime-protocol';
import { onTestFinished } from 'vitest';

/** What a look at a right may ask; what the delivery asks by itself on its timers is none of it. */
const COUNTED = new Set<PropertyKey>(['read', 'readBack', 'rows', 'snapshot', 'meetings', 'everyRow']);

/** In rounds that begin when they begin, what is open in these rooms is looked after. */
const isOfARound = (range: unknown): boolean =>
  ((range as { rooms?: string[] } | undefined)?.rooms ?? []).some((room) =>
    [AT_WORK, UNDER_WAY].includes(room),
  );

/** A log that writes down what it is asked for. */
export async function countedLog(): Promise<{ log: Log; calls: string[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'counted-'));
  const log = await openSqliteLog({ directory });
  onTestFinished(() => rm(directory, { recursive: true }));
  const calls: string[] = [];
  const counted = new Proxy(log, {
    get(target, name) {
      const found = Reflect.get(target, name, target) as unknown;
      if (typeof found !== 'function') return found;
      return (...args: unknown[]) => {
        if (COUNTED.has(name) && !isOfARound(args[1])) calls.push(String(name));
        return found.apply(target, args) as unknown;
      };
    },
  });
  return { log: counted, calls };
}
