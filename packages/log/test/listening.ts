import { expect } from 'vitest';
import type { Entry, Log } from '../src/index.ts';
import { soon } from './soon.ts';

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
    until: (seq) => soon(() => expect(heard.entries.at(-1)?.seq).toBe(seq)),
  };
  log.watch((changed, entries, epoch) => {
    if (changed !== domain) return;
    heard.entries.push(...entries);
    heard.epochs.push(...entries.map(() => epoch));
  });
  await log.head(domain);
  return heard;
}
