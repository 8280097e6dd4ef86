import type { Log } from '@netbuild/realtime-log';

/** A log that is still being opened: calls wait for it, and watchers are put in once it is there. */
export function deferredLog(opening: Promise<Log>): Log {
  return new Proxy({} as Log, {
    get(_target, name: keyof Log) {
      if (name === 'watch') return (watcher: Parameters<Log['watch']>[0]) => watchLater(opening, watcher);
      return async (...args: never[]) => {
        const log = await opening;
        return (log[name] as (...args: never[]) => unknown).apply(log, args);
      };
    },
  });
}

function watchLater(opening: Promise<Log>, watcher: Parameters<Log['watch']>[0]): () => void {
  let stop = (): void => undefined;
  let isStopped = false;
  opening
    .then((log) => {
      if (!isStopped) stop = log.watch(watcher);
    })
    .catch(() => undefined); // Whoever reads or writes hears of it.
  return () => {
    isStopped = true;
    stop();
  };
}
