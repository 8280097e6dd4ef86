import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, openSqliteLog } from '@netbuild/realtime-log';
import { onTestFinished } from 'vitest';

/** A log that can lose what was written last, as a failover or a backup that was put back does. */
export interface Rewindable {
  log: Log;
  /** Notes what there is. */
  keep(): Promise<void>;
  /** Goes back to what was kept, in a new life; no watcher hears of it. */
  rewind(): Promise<void>;
}

/** Opens one, on real files; they are gone when the test ends. */
export async function openRewindable(): Promise<Rewindable> {
  const folder = await mkdtemp(join(tmpdir(), 'rewindable-test-'));
  const opened = [await openSqliteLog({ directory: join(folder, '1') })];
  const watchers: { watcher: Parameters<Log['watch']>[0]; stop: () => void }[] = [];
  let current = opened[0]!;
  onTestFinished(async () => {
    for (const log of opened) await log.close();
    await rm(folder, { recursive: true });
  });
  const log = new Proxy({} as Log, {
    get: (_target, name: keyof Log) => {
      if (name !== 'watch')
        return (...args: never[]) => (current[name] as (...args: never[]) => unknown)(...args);
      return (watcher: Parameters<Log['watch']>[0]) => {
        const one = { watcher, stop: current.watch(watcher) };
        watchers.push(one);
        return () => one.stop();
      };
    },
  });
  return {
    log,
    keep: () => cp(join(folder, '1'), join(folder, '2'), { recursive: true }),
    async rewind() {
      const next = await openSqliteLog({ directory: join(folder, '2') });
      opened.push(next);
      for (const one of watchers) {
        one.stop();
        one.stop = next.watch(one.watcher);
      }
      current = next;
    },
  };
}
