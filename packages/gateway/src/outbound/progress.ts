import { randomUUID } from 'node:crypto';
import type { Log } from '@netbuild/realtime-log';
import { type SubscriptionData, subscriptionSubject } from '@netbuild/realtime-protocol';
import type { Publish } from '../ingest/publish.ts';
import { OWN_DOMAIN } from '../own-domain.ts';
import { dataOf } from '../rows.ts';

/** How far a subscription has come. */
export type Reached = Pick<SubscriptionData, 'domain' | 'epoch' | 'seq' | 'failing' | 'gone'>;

/** Another node delivers now. */
export class Overtaken extends Error {}

/** The row of a subscription, as the node that delivers keeps it. */
export interface Progress {
  /** What it says; none: nobody has ever delivered. */
  read(): Promise<SubscriptionData | undefined>;
  /**
   * Writes it.
   *
   * @throws {@link Overtaken} where another node has written since this one last read or wrote
   */
  note(reached: Reached): Promise<void>;
}

/** What it needs. */
export interface ProgressTools {
  log: Pick<Log, 'rows'>;
  publish: Publish;
  /** This node, in this run of it. */
  holder: string;
}

/** Makes the {@link Progress} of a subscription, for as long as this node has its lease. */
export function createProgress(name: string, { log, publish, holder }: ProgressTools): Progress {
  let seq = 0;

  async function read(): Promise<SubscriptionData | undefined> {
    const [row] = await log.rows(OWN_DOMAIN, [subscriptionSubject(name)]);
    seq = row?.seq ?? 0;
    return row && dataOf<SubscriptionData>(row);
  }

  async function write(reached: Reached): Promise<boolean> {
    const { results } = await publish(OWN_DOMAIN, [
      {
        source: `subscription/${holder}`,
        id: randomUUID(),
        type: 'subscription:reached',
        time: new Date().toISOString(),
        data: { name, holder, ...reached },
        asOf: seq,
      },
    ]);
    const [result] = results;
    if (result!.status === 'refused') throw result!.error;
    if (result!.status === 'outdated') return false;
    seq = result!.seqs[0]!;
    return true;
  }

  return {
    read,
    async note(reached) {
      while (!(await write(reached))) {
        // Of a write that was given up nobody knew whether it was done: then it is this node's own.
        const row = await read();
        if (row && row.holder !== holder) throw new Overtaken();
      }
    },
  };
}
