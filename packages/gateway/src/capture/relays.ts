import { randomUUID } from 'node:crypto';
import type { Log } from '@netbuild/realtime-log';
import { type RelayData, subject } from '@netbuild/realtime-protocol';
import type { Publish } from '../ingest/publish.ts';
import { OWN_DOMAIN } from '../own-domain.ts';
import { dataOf } from '../rows.ts';

/** The log, as far as it carries word between the node that a relay posts to and the one that waits for it. */
export interface RelayTools {
  log: Pick<Log, 'rows'>;
  publish: Publish;
}

/** The relays of the engines that reconcile looks after, as they post to this node. */
export interface Relays {
  /**
   * A relay has posted.
   *
   * @param seen what it has answered
   * @returns what it is asked, if anything
   */
  heard(engine: string, seen: string | undefined): Promise<string | undefined>;
}

/** Milliseconds for which a row that was read is good enough for the next POST; a busy relay posts hundreds a second. */
const GOOD_FOR = 200;

/** Milliseconds after which it is noted again that a relay is there. */
const NOTED_FOR = 20_000;

/** Makes the {@link Relays} of one node. */
export function createRelays(tools: RelayTools, engines: ReadonlySet<string>): Relays {
  const read = new Map<string, { at: number; row: RelayData | undefined }>();
  const noted = new Map<string, number>();

  async function rowOf(engine: string): Promise<RelayData | undefined> {
    const known = read.get(engine);
    if (known && performance.now() - known.at < GOOD_FOR) return known.row;
    const row = await readRelay(tools, engine);
    read.set(engine, { at: performance.now(), row });
    return row;
  }

  return {
    async heard(engine, seen) {
      if (!engines.has(engine)) return undefined;
      const row = await rowOf(engine);
      const isNews = seen !== undefined && seen === row?.ask && seen !== row.seen;
      const notedAt = noted.get(engine) ?? Number.NEGATIVE_INFINITY;
      if (isNews || performance.now() - notedAt > NOTED_FOR) {
        await publishRelay(tools, engine, 'relay:heard', isNews ? { seen } : {});
        noted.set(engine, performance.now());
        read.delete(engine);
      }
      return row?.ask !== undefined && row.ask !== row.seen && row.ask !== seen ? row.ask : undefined;
    },
  };
}

/** What the log knows of a relay. */
export async function readRelay(
  { log }: Pick<RelayTools, 'log'>,
  engine: string,
): Promise<RelayData | undefined> {
  const [found] = await log.rows(OWN_DOMAIN, [subject('relay', engine)]);
  return found && dataOf<RelayData>(found);
}

/** Says something of a relay to all nodes. */
export async function publishRelay(
  { publish }: Pick<RelayTools, 'publish'>,
  engine: string,
  type: 'relay:asked' | 'relay:heard',
  data: object,
): Promise<void> {
  const time = new Date().toISOString();
  const { results } = await publish(OWN_DOMAIN, [
    { source: `relay/${engine}`, id: randomUUID(), type, time, data: { engine, ...data } },
  ]);
  if (results[0]!.status === 'refused') throw results[0]!.error;
}
