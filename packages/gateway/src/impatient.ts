import { type Log, LogError } from '@netbuild/realtime-log';

/** Calls that only read: who asks again, asks the same. */
const READING = new Set<PropertyKey>([
  'head',
  'read',
  'readBack',
  'rows',
  'snapshot',
  'everyRow',
  'meetings',
]);

/**
 * A log whose readings end. One that never settled would hold whatever waits for it for good: the tail of a domain,
 * a socket that stands still for its subscribe, and the places of all who wait in line behind it.
 *
 * Appends are left alone: they may wait long behind others, and nobody can say of one that is given up whether it
 * was written.
 *
 * @param within milliseconds; after that a reading is refused with {@link LogError} `failed`
 */
export function impatient(log: Log, within: number): Log {
  return new Proxy(log, {
    get(target, name) {
      const found = Reflect.get(target, name, target) as unknown;
      if (typeof found !== 'function') return found;
      const call = found.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return READING.has(name) ? (...args: unknown[]) => answered(call(...args), within, 'the log') : call;
    },
  });
}

/** An answer, or {@link LogError} `failed` where a storage has none within so many milliseconds. */
export function answered<T>(answer: Promise<T>, within: number, who: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new LogError('failed', `${who} has not answered within ${within} ms`)),
    within,
  );
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}
