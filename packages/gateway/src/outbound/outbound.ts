import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry, Log } from '@netbuild/realtime-log';
import {
  type DeadLetterData,
  isPositionGood,
  type SubscriptionData,
  subscriptionSubject,
} from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { SubscriptionSettings } from '../config/subscriptions.ts';
import type { DeadLetters } from '../ingest/dead-letters.ts';
import type { Publish } from '../ingest/publish.ts';
import type { Lease } from '../lease.ts';
import { OWN_DOMAIN } from '../own-domain.ts';
import { dataOf } from '../rows.ts';
import { createLine, type Line, type LineStanding, type LineTiming, type Undelivered } from './line.ts';
import { messageOf, type Place } from './message.ts';
import { createProgress } from './progress.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { createSelection, type Told } from './selection.ts';

/** What became of an attempt to deliver an event. */
export type Outcome = 'delivered' | 'failed' | 'given_up';

/** What may be set; tests are quicker than operators. */
export interface OutboundTiming extends Omit<LineTiming, 'patience'> {
  /** Milliseconds for an answer. */
  within?: number;
}

/** What the subscriptions of a node stand on. */
export interface OutboundTools {
  subscriptions: readonly SubscriptionSettings[];
  log: Pick<Log, 'head' | 'read' | 'watch' | 'keepFor' | 'rows' | 'snapshot'>;
  publish: Publish;
  deadLetters: Pick<DeadLetters, 'keep'>;
  /** The domain of subscriptions that name none, whose log has the dead letters. */
  defaultDomain: string;
  /** What this node is called. */
  instance: string;
  /** Work that one node does at a time. */
  leaseOf(name: string, holder: string): Lease<number>;
  onAttempt(subscription: string, outcome: Outcome): void;
  logger: Logger;
  timing?: Partial<OutboundTiming>;
}

/** A subscription of the setting, and how far it has come. */
export type SubscriptionStatus = Pick<
  SubscriptionData,
  'name' | 'domain' | 'epoch' | 'seq' | 'noted' | 'failing' | 'gone'
> & {
  /** Events of the log that it has not come to, as far as that was noted. */
  behind: number;
};

/** Tells NetBuild's services what the log says. */
export interface Outbound {
  /**
   * Sends again what was given up.
   *
   * @returns why it could not be delivered, in words; `undefined` where it was
   */
  resend(letter: DeadLetterData): Promise<string | undefined>;
  /** All of the setting, also those that another node delivers; one that could not begin yet is left out. */
  list(): Promise<SubscriptionStatus[]>;
  /** Has the receiver told again that wanted no more. */
  resume(name: string): Promise<void>;
  /** Those that this node delivers. */
  standings(): Iterable<LineStanding & { name: string }>;
  /** Ends what is under way, and gives the leases back. */
  close(): Promise<void>;
}

const HOUR = 3_600_000;

const TIMING = {
  retryAfter: 1000,
  longestRetry: 300_000,
  lookEvery: 1000,
  noteEvery: 2000,
  grace: 3000,
};

/** Milliseconds until a line that could not begin is tried again. */
const BEGIN_AGAIN = 1000;

interface Known {
  settings: SubscriptionSettings;
  domain: string;
  receive: Receiver;
  line: Line;
}

/**
 * Makes the subscriptions of one node, and begins; of several nodes, one delivers at a time. Once it resolves,
 * what is appended is told.
 */
export async function createOutbound(tools: OutboundTools): Promise<Outbound> {
  const { log, publish, deadLetters, defaultDomain, onAttempt } = tools;
  const { within, ...timing } = { ...TIMING, ...tools.timing };
  // A node that was started again under its name is not the one that had the lease.
  const holder = `${tools.instance}/${randomUUID().slice(0, 8)}`;
  const stopping = new AbortController();
  const { signal } = stopping;
  const known = new Map<string, Known>();

  async function keepAside(name: string, { entry, epoch, attempts, why }: Undelivered, domain: string) {
    const { id, type } = JSON.parse(entry.body) as Told;
    const place: Place = { domain, epoch, seq: entry.seq };
    const { epoch: life } = await log.head(defaultDomain);
    const letter = {
      subscription: name,
      reason: 'undelivered_event' as const,
      about: [`${type} ${id}`],
      error: `${why}, after ${attempts} attempts`,
      commands: [place],
    };
    await deadLetters.keep([letter], life);
    onAttempt(name, 'given_up');
  }

  function open(settings: SubscriptionSettings): Known {
    const { name, domain = defaultDomain, retryHours } = settings;
    const receive = createReceiver(settings, within);
    const line = createLine({
      name,
      domain,
      log,
      selection: createSelection(settings),
      receive,
      progress: createProgress(name, { log, publish, holder }),
      giveUp: (undelivered) => keepAside(name, undelivered, domain),
      onAttempt: (outcome) => onAttempt(name, outcome),
      logger: tools.logger.child({ subscription: name, domain }),
      timing: { ...timing, patience: retryHours * HOUR },
    });
    return { settings, domain, receive, line };
  }

  /** Until the signal ends, or another node has taken up this line. */
  async function deliver({ settings: { name }, line }: Known, own: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await line.run(own);
      } catch (err) {
        if (own.aborted) return;
        tools.logger.warn({ err, subscription: name }, 'a subscription could not begin; it is tried again');
        await sleep(BEGIN_AGAIN, undefined, { signal: own, ref: false }).catch(() => undefined);
      }
    }
  }

  /** All of them, for as long as this node has the lease, or until one shows that another node has it. */
  async function deliverAll(own: AbortSignal): Promise<void> {
    const overtaken = new AbortController();
    const both = AbortSignal.any([own, overtaken.signal]);
    await Promise.all([...known.values()].map((one) => deliver(one, both).finally(() => overtaken.abort())));
  }

  /** The log waits for those no longer that are not in the setting any more. */
  async function forgetOthers(): Promise<void> {
    const others = subscriptionSubject('');
    for (let after = others; ; ) {
      const { rows, next } = await log.snapshot(OWN_DOMAIN, { after, limit: 100 });
      for (const row of rows) {
        if (!row.subject.startsWith(others)) return;
        const { name, domain } = dataOf<SubscriptionData>(row);
        if (!known.has(name)) await log.keepFor(domain, `subscription/${name}`, undefined);
      }
      if (next === undefined) return;
      after = next;
    }
  }

  for (const settings of tools.subscriptions) known.set(settings.name, open(settings));
  await Promise.all(
    [...known].map(([subscription, { line }]) =>
      line.begin().catch((err: unknown) => {
        tools.logger.warn({ err, subscription }, 'where a subscription begins is not noted yet');
      }),
    ),
  );
  // One for all of them: each renewal is an event, and a key that the storage remembers for days.
  const delivering =
    known.size === 0 ? undefined : tools.leaseOf('subscriptions', holder).whileHeld(signal, deliverAll);
  // What is not forgotten now is at the next start.
  const forgetting = forgetOthers().catch((err: unknown) =>
    tools.logger.warn({ err }, 'the log may go on to wait for former subscriptions'),
  );

  return {
    async resend({ subscription = '', commands: [place], cut }) {
      const found = known.get(subscription);
      if (!found) return `There is no subscription ${subscription}.`;
      if (cut) return 'Only its beginning was kept.';
      const { domain, epoch, seq } = place as Place;
      const { lives } = await log.head(domain);
      if (!isPositionGood(lives, epoch, seq)) return 'The log has lost it in a failover.';
      const page = await log.read(domain, { after: seq - 1, limit: 1 });
      const entry: Entry | undefined = page.entries[0];
      if (entry?.seq !== seq) return 'The log has forgotten it.';
      if (entry.erased) return 'It was erased.';
      const selected = createSelection(found.settings).take(entry);
      if (!selected) return 'The subscription does not name it any more.';
      const answer = await found.receive(messageOf(selected, { domain, epoch: page.epoch, seq }));
      if (answer.is === 'taken') onAttempt(subscription, 'delivered');
      else onAttempt(subscription, 'failed');
      if (answer.is === 'gone') return 'The receiver wants no more (410).';
      return answer.is === 'failed' ? answer.why : undefined;
    },
    async list() {
      const rows = await log.rows(OWN_DOMAIN, [...known.keys()].map(subscriptionSubject));
      const all = rows.map((row) => dataOf<SubscriptionData>(row));
      const domains = [...new Set(all.map(({ domain }) => domain))];
      const heads = new Map(
        await Promise.all(domains.map(async (domain) => [domain, (await log.head(domain)).seq] as const)),
      );
      return all.map(({ holder: _, ...status }) => ({
        ...status,
        behind: Math.max(0, heads.get(status.domain)! - status.seq),
      }));
    },
    async resume(name) {
      if (!known.has(name)) return;
      const time = new Date().toISOString();
      const { results } = await publish(OWN_DOMAIN, [
        {
          source: 'gateway/subscriptions',
          id: randomUUID(),
          type: 'subscription:resumed',
          time,
          data: { name },
        },
      ]);
      if (results[0]!.status === 'refused') throw results[0]!.error;
    },
    *standings() {
      for (const [name, { line }] of known) if (line.standing) yield { name, ...line.standing };
    },
    async close() {
      stopping.abort();
      await Promise.all([delivering, forgetting]);
    },
  };
}
