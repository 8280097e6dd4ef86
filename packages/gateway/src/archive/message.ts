import type { Entry, StoredRow } from '@netbuild/realtime-log';
import type { ErasureData, Subject } from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import type { Archived } from './store.ts';

/** Whether a subject is a message: these alone are stored. */
export function isMessage(name: Subject): boolean {
  return name.startsWith('message/');
}

/** The messages among rows, or entries, whose bodies the log still has. */
export function messagesIn(found: readonly (Entry | StoredRow)[]): Archived[] {
  return found.flatMap(({ seq, subject, body, away }) =>
    subject !== undefined && isMessage(subject) && !away ? [{ seq, subject, body }] : [],
  );
}

/** What of messages was erased by these entries, and up to where. */
export function erasuresIn(entries: readonly Entry[]): { seq: number; subjects: Subject[] }[] {
  return entries.flatMap((entry) => {
    if (!entry.subject?.startsWith('erasure/')) return [];
    const { subjects, renewed = [] } = dataOf<ErasureData>(entry);
    const gone = ([...subjects, ...renewed] as Subject[]).filter(isMessage);
    return gone.length > 0 ? [{ seq: entry.seq, subjects: gone }] : [];
  });
}
