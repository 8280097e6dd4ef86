import type { Log } from '@netbuild/realtime-log';

/** Calls of a log that go wrong, or are counted, on their way. */
export type Trouble = Partial<{ [N in keyof Log]: (pass: Log[N]) => Log[N] }>;

/** A log in front of another one. */
export function troubled(log: Log, trouble: Trouble): Log {
  return new Proxy(log, {
    get(target, name: keyof Log) {
      const pass = (target[name] as (...args: never[]) => unknown).bind(target);
      const made = trouble[name] as ((pass: unknown) => unknown) | undefined;
      return made ? made(pass) : pass;
    },
  });
}
