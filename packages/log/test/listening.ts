import { expect, vi } from 'vitest';
import type { Entry, Log } from '../src/index.ts';

/** What a log's watcher heard of a domain. */
export interface Heard {
  entries: Entry[];
  epochs: string[];
  /** Waits until the entry at this position came. */
  until(seq: number): Promise<void>;
}

/** Listens to a domain from its head on. */
export async function listen(log: Log, domain: string): Promise<Heard> {
  const heard: Heard = {
    entries: [],
    epochs: [],
    until: (seq) =>
      vi.waitFor(() => expect(heard.entries.at(-1)?.seq).toBe(seq), { timeout: 10_000, interval: 5 }),
  };
  log.watch((changed, entries, epoch) => {
    if (changed !== domain) return;
    heard.entries.push(...entries);
    heard.epochs.push(...entries.map(() => epoch));
  });
  await log.head(domain);
  return heard;
}
