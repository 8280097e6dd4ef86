import { type Appended, type Group, type GroupResult, KEEP_KEYS, type Log } from '@netbuild/realtime-log';
import { type Fact, RealtimeError, type Subject } from '@netbuild/realtime-protocol';
import type { Archive } from '../archive/archive.ts';
import { errorOf } from '../error.ts';
import { withErasures } from './erasures.ts';
import { foldFact, type KnownRow, knownRow, NOWHERE, refusalOf } from './folding.ts';
import { withLinks } from './links.ts';
import { createTurns } from './turns.ts';

/** What became of a fact. */
export type Published =
  /** It is in the log; `seqs` are the positions of its events, none if it was no news. */
  | { status: 'new' | 'known'; seqs: number[] }
  /** Its row has changed since its source looked ({@link Fact.asOf}): look again. */
  | { status: 'outdated'; seqs: [] }
  /** It can not enter, and would not at a second try either, unless the error says so. */
  | { status: 'refused'; error: RealtimeError };

/** Answer to a publish: everything that was not refused is durable. */
export interface PublishResult {
  epoch: string;
  /** Head of the log afterwards. */
  seq: number;
  /** Milliseconds for which the source should keep what it sent, if it can. */
  settle: number;
  /** One for each fact, in order. */
  results: Published[];
}

/**
 * Takes facts into the log of a domain: validates, folds, derives rooms, compares and appends.
 *
 * All of them enter in one life of the log, or it rejects with `life_over`: what some follow on may be lost.
 *
 * @param life its epoch; left out: whichever it is
 */
export type Publish = (domain: string, facts: readonly Fact[], life?: string) => Promise<PublishResult>;

/** How often a fact is folded again because its rows have moved on; each time somebody else got further. */
const MOST_FOLDS = 50;

/**
 * How often a publish races with the others of this node for the same rows. After that it waits for its turn:
 * of a hundred that come at once each round has one winner, and the last would lose too often.
 */
const MOST_RACES = 3;

/** One write is cut at about so many rows of storage (events, and their rooms), so that none holds up the others. */
const MOST_ROWS_A_WRITE = 4000;

interface Pending {
  fact: Fact;
  index: number;
  folds: number;
}

/** A fact that was folded. */
interface Taken {
  pending: Pending;
  refused: RealtimeError | undefined;
}

/**
 * Makes {@link Publish} on a log.
 *
 * @param options.keepKeys for how many milliseconds the log knows a fact. Of an older one nobody could tell whether it
 *   comes again, so it is refused, unless its source has no digests: then its fold decides. Default 7 days.
 * @param options.archive where messages are kept beside the log, for who is to be erased from them
 */
export function createPublish(
  log: Log,
  {
    keepKeys = KEEP_KEYS,
    archive,
  }: { keepKeys?: number; archive?: Pick<Archive, 'naming'> | undefined } = {},
): Publish {
  const turns = createTurns();
  const isTooOld = ({ digest, time }: Fact) =>
    digest !== undefined && Date.parse(time) < Date.now() - keepKeys;
  const fold: typeof foldFact = (domain, fact, ...rest) =>
    isTooOld(fact)
      ? refusalOf(fact, [], new RealtimeError('too_old', { field: 'time' }))
      : foldFact(domain, fact, ...rest);

  async function publish(
    domain: string,
    facts: readonly Fact[],
    wanted: string | undefined,
    takeTurn: () => Promise<void>,
  ): Promise<PublishResult> {
    const results = new Array<Published>(facts.length);
    const rows = new Map<Subject, KnownRow>();
    let queue: Pending[] = facts.map((fact, index) => ({ fact, index, folds: 0 }));
    let last: Pick<Appended, 'epoch' | 'seq' | 'settle'> | undefined;
    let life = wanted;
    const append = async (groups: Group[]): Promise<Appended> => {
      const appended = await log.append(domain, within(life, groups));
      life ??= appended.epoch;
      if (appended.epoch !== life) throw new RealtimeError('life_over');
      return appended;
    };
    while (queue.length > 0) {
      const { taken, groups, rest } = await foldSome(log, domain, queue, rows, results, fold);
      if (groups.length === 0) {
        queue = rest;
        continue;
      }
      const appended = await append(groups);
      last = appended;
      const again: Pending[] = [];
      appended.groups.forEach((result, i) => {
        const { pending, refused } = taken[i]!;
        const settled = settle(result, refused);
        if (settled) results[pending.index] = settled;
        else again.push(pending);
      });
      learn(rows, groups, appended.groups);
      queue = [...again, ...rest];
      if (again.some(({ folds }) => folds === MOST_RACES)) {
        await takeTurn();
        rows.clear();
      }
      if (!again.some(({ folds }) => folds >= MOST_FOLDS)) continue;
      // The rest as well: the source sends again what was contended, and a later fact must not be there before it.
      for (const { index } of queue)
        results[index] = { status: 'refused', error: new RealtimeError('contended') };
      queue = [];
    }
    // Nothing to write asks where the log stands, and for how long it may lose what it has.
    const { epoch, seq, settle: keep } = last ?? (await append([]));
    return { epoch, seq, settle: keep, results };
  }

  const inTurn: Publish = async (domain, facts, life) => {
    let endTurn: (() => void) | undefined;
    try {
      return await publish(domain, facts, life, async () => {
        endTurn ??= await turns(domain);
      });
    } finally {
      endTurn?.();
    }
  };
  return withErasures(log, withLinks(log, inTurn), archive);
}

function within(life: string | undefined, groups: Group[]): Group[] {
  return life === undefined ? groups : groups.map((group) => ({ ...group, life }));
}

/** Folds from the head of the queue as much as one write may hold. */
async function foldSome(
  log: Log,
  domain: string,
  queue: Pending[],
  rows: Map<Subject, KnownRow>,
  results: Published[],
  fold: typeof foldFact,
) {
  for (;;) {
    const missing = new Set<Subject>();
    const overlay = new Map<Subject, KnownRow>();
    const taken: Taken[] = [];
    const groups: Group[] = [];
    const refused: [Pending, RealtimeError][] = [];
    const outdated: Pending[] = [];
    let cost = 0;
    let next = 0;
    for (; next < queue.length && cost < MOST_ROWS_A_WRITE; next++) {
      const pending = queue[next]!;
      try {
        const at = (name: Subject) => overlay.get(name) ?? rows.get(name);
        const folded = fold(domain, pending.fact, groups.length, at);
        if ('missing' in folded) {
          for (const name of folded.missing) missing.add(name);
          continue;
        }
        if ('outdated' in folded) {
          outdated.push(pending);
          continue;
        }
        for (const [name, row] of folded.rows) overlay.set(name, row);
        groups.push(folded.group);
        taken.push({ pending, refused: folded.refused });
        cost += folded.group.events.reduce(
          (sum, event) => sum + 2 + event.rooms.length + event.left.length,
          1,
        );
      } catch (error) {
        refused.push([pending, errorOf(error)]);
      }
    }
    if (missing.size === 0) {
      for (const { pending } of taken) pending.folds++;
      for (const [pending, error] of refused) results[pending.index] = { status: 'refused', error };
      for (const { index } of outdated) results[index] = { status: 'outdated', seqs: [] };
      return { taken, groups, rest: queue.slice(next) };
    }
    const found = new Map((await log.rows(domain, [...missing])).map((row) => [row.subject, row]));
    for (const name of missing) rows.set(name, knownRow(found.get(name)));
  }
}

/** What became of a fact; `undefined`: it has to be folded again. */
function settle(result: GroupResult, refused: RealtimeError | undefined): Published | undefined {
  switch (result.status) {
    case 'new':
    case 'known':
      return { status: result.status, seqs: result.seqs };
    case 'conflict':
      return { status: 'refused', error: new RealtimeError('duplicate_id', { field: 'id' }) };
    case 'moved': {
      const isAsRead = result.rows.every((row) => row.subject === NOWHERE);
      return refused && isAsRead ? { status: 'refused', error: refused } : undefined;
    }
    case 'fell':
    case 'over':
      return undefined;
  }
}

/** What the rows are after an append, as far as its answer tells; the rest is read again when it is asked for. */
function learn(rows: Map<Subject, KnownRow>, groups: Group[], results: GroupResult[]): void {
  results.forEach((result, i) => {
    const { events, erases = [] } = groups[i]!;
    for (const event of events) if (event.subject) rows.delete(event.subject);
    for (const name of erases) if (typeof name === 'string') rows.delete(name);
    if (result.status !== 'moved') return;
    for (const { subject, row } of result.rows) rows.set(subject, knownRow(row));
  });
}
