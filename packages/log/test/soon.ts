import { vi } from 'vitest';

/** Waits until it goes well; on a busy machine a new connection or an answer may take longer than a second. */
export function soon<T>(look: () => T | Promise<T>, timeout = 10_000): Promise<T> {
  return vi.waitFor(look, { timeout, interval: 20 });
}
