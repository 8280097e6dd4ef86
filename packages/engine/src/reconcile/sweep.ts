import type { SubjectKind } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import type { Kind, Source } from './kind.ts';
import type { Finding, Ledger, LedgerRow, Note } from './ledger.ts';
import { inParts } from './parts.ts';
import type { Taking } from './taking.ts';

/** How far a sweep has got with a kind. */
export interface Progress {
  kind: SubjectKind;
  done: number;
  /** How many there were when it began. */
  of: number;
}

/** Who hears of what a sweep comes across. */
export interface SweepHearing {
  onProgress?: (progress: Progress) => void;
  /** Of so many rows the engine knows nothing any more; they are left open until another sweep finds the same. */
  onDoubt?: (doubt: { kind: SubjectKind; gone: number; open: number }) => void;
}

/** What a sweep needs. */
export interface SweepOptions extends SweepHearing {
  rest: Pick<Rest, 'read'>;
  ledger: Ledger;
  kinds: Kind[];
  /** @param began where the log stood when the sweep began */
  // biome-ignore lint/suspicious/noExplicitAny: the source judges its own items.
  changed: (began: Note) => Source<any>;
  take: Taking;
}

/** So many may be gone without a trace before it is asked twice whether this is still the same engine. */
const FEW = 100;

/** How far back changes are read again: an hour repeats when summer time ends, and clocks of engine nodes differ. */
const FAR_BACK = 2 * 3_600_000;

/** Makes the sweep of one engine: compares all that is open there with all that is open here. */
export function createSweep({
  rest,
  ledger,
  kinds,
  changed,
  take,
  onProgress,
  onDoubt,
}: SweepOptions): (since: number | undefined, signal: AbortSignal) => Promise<void> {
  /** Kinds of which too much was gone, the last time. */
  const doubted = new Set<SubjectKind>();

  /** What is open there: what is lacking here is made. Answers their ids. */
  async function there({ kind, open, count }: Kind, signal: AbortSignal): Promise<Set<string>> {
    const { count: of } = await rest.read<{ count: number }>(count, open.listing.query);
    const ids = new Set<string>();
    for await (const items of take.pages(open, undefined)) {
      signal.throwIfAborted();
      for (const { id } of items) ids.add(id);
      onProgress?.({ kind, done: ids.size, of });
    }
    await take.flush();
    return ids;
  }

  /** What is open here alone has ended, as the engine's history tells. */
  async function here(one: Kind, ids: Set<string>, signal: AbortSignal): Promise<void> {
    const { kind } = one;
    let open = 0;
    const gone: { domain: string; note: Note; finding: Finding }[] = [];
    for await (const { domain, rows } of ledger.openRows(kind)) {
      signal.throwIfAborted();
      open += rows.length;
      const lacking: LedgerRow[] = [];
      for (const row of rows) {
        const isThere = ids.has(row.subject.slice(kind.length + 1));
        if (!isThere && (await ledger.isOwn(domain, row))) lacking.push(row);
      }
      for (const some of inParts(lacking)) {
        const note = await take.note();
        const { findings, guesses } = await one.missing(some);
        await take.add(domain, note, findings);
        for (const finding of guesses) gone.push({ domain, note, finding });
      }
    }
    if (gone.length > FEW && gone.length > open / 2 && !doubted.has(kind)) {
      doubted.add(kind);
      onDoubt?.({ kind, gone: gone.length, open });
    } else {
      doubted.delete(kind);
      for (const { domain, note, finding } of gone) await take.add(domain, note, [finding]);
    }
    await take.flush();
  }

  return async (since, signal) => {
    const began = await take.note();
    for (const kind of kinds) {
      const ids = await there(kind, signal);
      await here(kind, ids, signal);
    }
    // What the history does not show of open tasks: other candidates.
    const from = since === undefined ? undefined : since - FAR_BACK;
    for await (const _items of take.pages(changed(began), from)) signal.throwIfAborted();
    await take.flush();
  };
}
