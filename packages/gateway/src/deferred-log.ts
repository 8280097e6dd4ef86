import type { Log } from '@netbuild/realtime-log';

/** A log that is still being opened: calls wait for it, and watchers and hearers are put in once it is there. */
export function deferredLog(opening: Promise<Log>): Log {
  return new Proxy({} as Log, {
    get(_target, name: keyof Log) {
      if (name === 'watch')
        return (watcher: Parameters<Log['watch']>[0]) => later(opening, (log) => log.watch(watcher));
      if (name === 'hear')
        return (hearer: Parameters<Log['hear']>[0]) => later(opening, (log) => log.hear(hearer));
      // Nobody is there to hear it before.
      if (name === 'cast')
        return (...word: Parameters<Log['cast']>) =>
          void opening.then(
            (log) => log.cast(...word),
            () => undefined,
          );
      return async (...args: never[]) => {
        const log = await opening;
        return (log[name] as (...args: never[]) => unknown).apply(log, args);
      };
    },
  });
}

/** Puts one in once the log is open, unless it was taken out by then. */
function later(opening: Promise<Log>, add: (log: Log) => () => void): () => void {
  let stop = (): void => undefined;
  let isStopped = false;
  opening
    .then((log) => {
      if (!isStopped) stop = add(log);
    })
    .catch(() => undefined); // Whoever reads or writes hears of it.
  return () => {
    isStopped = true;
    stop();
  };
}
