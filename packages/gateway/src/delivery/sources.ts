import type { Entry, Log, StoredRow } from '@netbuild/realtime-log';
import { SOURCES, type SourceData } from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';

/** What the sources that keep have said: in which life of the log all of theirs is. */
export interface Sources {
  /** Takes in what was appended. */
  hear(entries: readonly Entry[]): void;
  /** Reads the row: at the beginning, and where something may have gone unheard. */
  load(): Promise<void>;
  /** Whether it has to say so of this life. Who has never said anything is not waited for. */
  isAwaited(source: string, epoch: string): boolean;
  /** Whether any of them has. */
  areAwaited(epoch: string): boolean;
}

/**
 * Makes the sources of one domain.
 *
 * They are known from the log alone. What is known of a life that is over holds too: it names that life and no later
 * one, so a source is waited for until it has spoken anew.
 */
export function createSources(log: Pick<Log, 'rows'>, domain: string): Sources {
  let wholeIn: ReadonlyMap<string, string> = new Map();
  let heard = 0;

  const take = (row: Pick<StoredRow, 'body'>): void => {
    wholeIn = new Map(Object.entries(dataOf<SourceData>(row).wholeIn));
  };

  return {
    hear(entries) {
      for (const entry of entries) {
        if (entry.subject !== SOURCES) continue;
        heard++;
        take(entry);
      }
    },
    async load() {
      const before = heard;
      const [row] = await log.rows(domain, [SOURCES]);
      // What was heard meanwhile is newer.
      if (row && heard === before) take(row);
    },
    isAwaited: (source, epoch) => (wholeIn.get(source) ?? epoch) !== epoch,
    areAwaited: (epoch) => [...wholeIn.values()].some((own) => own !== epoch),
  };
}
