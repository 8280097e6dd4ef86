import type { Rest } from '../rest.ts';
import { createActivities } from './activity.ts';
import { instantOf } from './dates.ts';
import { createDefinitions } from './definitions.ts';
import { createIncidents } from './incident.ts';
import type { Kind, Source } from './kind.ts';
import type { Ledger } from './ledger.ts';
import { itemsOf } from './listing.ts';
import { createProcesses } from './process.ts';
import { createSweep, type SweepHearing } from './sweep.ts';
import { createTaking } from './taking.ts';
import { createTasks } from './task.ts';

/** What reconcile needs of an engine. */
export interface ReconcileOptions extends SweepHearing {
  /** The engine's name; rows of one that is not called `default` carry it. */
  engine: string;
  /** The domain of what has no tenant. */
  domain: string;
  rest: Pick<Rest, 'read'>;
  ledger: Ledger;
  /** Items of a page. Default 2000: the engine sorts all that is left for each of them. */
  page?: number;
}

/** Compares an engine with the log, over REST alone. */
export interface Reconcile {
  /** Has looks begin at a time of the engine that a run before had {@link reached}, instead of at its newest. */
  beginAt(time: number): void;
  /** The time of the engine up to which all lists have been read, in epoch milliseconds; none before it was asked. */
  reached(): number | undefined;
  /** What has happened lately, by the engine's clock, and so far back again (milliseconds). */
  look(overlap: number): Promise<void>;
  /** All that is open, in both directions. Looks may go on meanwhile. */
  sweep(signal: AbortSignal): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: each source judges its own items.
type AnySource = Source<any>;

/** Makes the {@link Reconcile} of one engine. */
export function createReconcile(options: ReconcileOptions): Reconcile {
  const { rest, ledger, domain, page = 2000 } = options;
  const name = options.engine === 'default' ? undefined : options.engine;
  const definitions = createDefinitions(rest);
  const processes = createProcesses(rest, name);
  const activities = createActivities(rest, definitions, name);
  const tasks = createTasks(rest, definitions, name);
  const incidents = createIncidents(rest, definitions, name);
  const taking = createTaking({ rest, ledger, domain, page });
  const kinds: Kind[] = [processes, activities, tasks, incidents];
  const sweep = createSweep({
    ...options,
    kinds,
    take: createTaking({ rest, ledger, domain, page }),
    changed: tasks.changedSince,
  });
  let begun: Promise<void> | undefined;
  /** Where looks begin, once that is known; none in an engine that nothing has happened in. */
  let start: number | undefined;
  /**
   * How far each list has been read, and no further: where answers are slow a look may take longer than its overlap,
   * and what its last list tells has happened after the first one was read.
   */
  const cursors = new Map<AnySource, number | undefined>();
  /** Where the changes of tasks had been read when the last sweep began. */
  let swept: number | undefined;

  // What begins comes before what ends, and an instance before what is in it.
  const lately: AnySource[] = [
    processes.begun,
    activities.begun,
    tasks.begun,
    tasks.changed,
    incidents.begun,
    // At the levels below `full` the history has no incidents; what runs has.
    incidents.open,
    incidents.ended,
    tasks.ended,
    activities.ended,
    processes.ended,
  ];

  /** The newest time in the engine, by its own clock; ours may differ. */
  async function newest(): Promise<number | undefined> {
    let found: number | undefined;
    for (const { listing } of [processes.begun, activities.begun, tasks.begun]) {
      const { path, sortBy, timeOf } = listing;
      const query = { ...listing.query, sortBy, sortOrder: 'desc', maxResults: 1 };
      const [item] = itemsOf(path, await rest.read(path, query));
      found = later(found, item && instantOf(timeOf!(item as never)));
    }
    return found;
  }

  /** Looks begin where the engine's clock is; what was before is for the sweep, which begins later. */
  function begin(): Promise<void> {
    begun ??= newest().then(
      (time) => {
        start = time;
      },
      (error: unknown) => {
        begun = undefined;
        throw error;
      },
    );
    return begun;
  }

  const cursorOf = (source: AnySource) => cursors.get(source) ?? start;

  return {
    beginAt(time) {
      start = time;
      begun = Promise.resolve();
    },
    reached() {
      const all = lately.map(cursorOf).filter((cursor) => cursor !== undefined);
      return all.length === lately.length ? Math.min(...all) : undefined;
    },
    async look(overlap) {
      await begin();
      const reached: typeof cursors = new Map();
      for (const source of lately) {
        let cursor = cursorOf(source);
        const from = cursor === undefined ? undefined : cursor - overlap;
        for await (const items of taking.pages(source, from)) {
          for (const item of items) cursor = later(cursor, newestOf(item));
        }
        // Behind a relay what was found waits for its word, with what the other lists tell. Without one it is in the
        // log, and stays there should the next list not be had.
        (ledger.waits ? reached : cursors).set(source, cursor);
      }
      await taking.flush();
      for (const [source, cursor] of reached) cursors.set(source, cursor);
    },
    async sweep(signal) {
      await begin();
      const began = cursorOf(tasks.changed);
      await sweep(swept, signal);
      swept = began;
    },
  };
}

/** Every time of an item that looks go by. */
function newestOf(item: Record<string, string | null | undefined>): number | undefined {
  return ['startTime', 'endTime', 'created', 'lastUpdated', 'createTime', 'incidentTimestamp'].reduce<
    number | undefined
  >((found, name) => later(found, instantOf(item[name])), undefined);
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
