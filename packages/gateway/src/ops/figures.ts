import type { Entry } from '@netbuild/realtime-log';
import {
  type CloseCode,
  DEAD_LETTER_REASONS,
  type DeadLetterReason,
  type SubjectKind,
} from '@netbuild/realtime-protocol';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Archive } from '../archive/archive.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Publish } from '../ingest/publish.ts';
import type { Outcome as Attempted, Outbound } from '../outbound/outbound.ts';
import type { Outcome } from '../sockets/subscribe.ts';
import { ageOf } from './commit-age.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { LoopDelay } from './loop-delay.ts';

/** What is looked at when somebody asks for the figures; nothing of it costs anything before. */
export interface Watched {
  delivery: Delivery;
  heartbeat: Heartbeat;
  loopDelay: LoopDelay;
  outbound: Pick<Outbound, 'standings'>;
  archive?: Pick<Archive, 'state'> | undefined;
  connections(): Iterable<{ kind: string; transport: string }>;
}

/** What the concerns tell, as it happens. */
export interface Figures {
  /** Events were given to all who are in their rooms. */
  delivered(entries: readonly Entry[]): void;
  subscribed(outcome: Outcome): void;
  closed(code: CloseCode): void;
  /** The relay's rows were taken, the oldest of them committed so many milliseconds ago. */
  relayed(age: number): void;
  /** What waits in the outbox of an engine, as its relay says. */
  backlog(engine: string, backlog: { rows: number; oldest?: number | undefined }): void;
  /** Reconcile has put right what a relay should have brought. */
  corrected(kind: SubjectKind): void;
  /** An event was sent to a subscription. */
  attempted(subscription: string, outcome: Attempted): void;
  /** Something was kept aside as a dead letter. */
  keptAside(reason: DeadLetterReason): void;
  /** A dead letter was dropped to make room for another one. */
  pushedOut(): void;
  /** A collection of the database is read from its beginning. */
  reading(why: 'first' | 'lost'): void;
  /** The same publish, watched. */
  publishing(publish: Publish): Publish;
  /** From when on the rest can be looked at. */
  watch(watched: Watched): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const FACTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

/**
 * The figures of one node. Their labels have few values each, that all stand in the code: no person, tenant or room
 * is among them.
 *
 * @param node its name, a label of each
 * @param subscriptions the names of those that there are
 */
export function createFigures(node: string, subscriptions: readonly string[] = []): Figures {
  const registry = new Registry();
  registry.setDefaultLabels({ node });
  const registers = [registry];
  const named = <T extends string>(name: string, help: string, labelNames: T[] = []) => ({
    name: `netbuild_${name}`,
    help,
    labelNames,
    registers,
  });

  const subscribes = new Counter(named('subscribes_total', 'Subscribes, by what they brought.', ['outcome']));
  const closes = new Counter(
    named('closes_total', 'Connections that were ended here, by the code.', ['code']),
  );
  const publishFacts = new Histogram({ ...named('publish_facts', 'Facts in one publish.'), buckets: FACTS });
  const publishSeconds = new Histogram({
    ...named('publish_seconds', 'From facts to their being durable in the log.'),
    buckets: SECONDS,
  });
  const commitToSocket = new Histogram({
    ...named(
      'commit_to_socket_seconds',
      "From the engine's commit to the sockets, for the newest of each batch.",
    ),
    buckets: SECONDS,
  });
  const outboxAge = new Gauge(
    named(
      'engine_outbox_age_seconds',
      "Age of the oldest row in the relay's last request, when it was taken.",
    ),
  );
  const backlogRows = new Gauge(
    named('engine_backlog_rows', "Rows that wait in an engine's outbox, by its relay's last word.", [
      'engine',
    ]),
  );
  const backlogAge = new Gauge(
    named(
      'engine_backlog_age_seconds',
      "Age of the oldest row that waits in an engine's outbox, at its relay's last word.",
      ['engine'],
    ),
  );
  const corrections = new Counter(
    named('corrections_total', 'What reconcile had to correct behind a relay, by the kind of subject.', [
      'kind',
    ]),
  );
  const deadLetters = new Counter(
    named('dead_letters_total', 'What was kept aside, by the reason.', ['reason']),
  );
  const deadLettersLost = new Counter(
    named('dead_letters_lost_total', 'Dead letters that were dropped to make room for others.'),
  );
  const attempts = new Counter(
    named('subscription_attempts_total', 'Events that were sent to a subscription, by what became of it.', [
      'subscription',
      'outcome',
    ]),
  );
  const readings = new Counter(
    named('mongodb_readings_total', 'Collections that were read from their beginning, by why.', ['why']),
  );
  // What has not happened yet is 0 and not missing, so that a rate can be had of the first time, too.
  for (const outcome of ['recovered', 'snapshot', 'first', 'refused']) subscribes.inc({ outcome }, 0);
  closes.inc({ code: 'behind' }, 0);
  for (const kind of ['process', 'activity', 'task', 'incident']) corrections.inc({ kind }, 0);
  for (const subscription of subscriptions)
    for (const outcome of ['delivered', 'failed', 'given_up']) attempts.inc({ subscription, outcome }, 0);
  for (const why of ['first', 'lost']) readings.inc({ why }, 0);
  for (const reason of DEAD_LETTER_REASONS) deadLetters.inc({ reason }, 0);

  function watch({ delivery, heartbeat, loopDelay, outbound, archive, connections }: Watched): void {
    const gauge = <T extends string>(
      name: string,
      help: string,
      labelNames: T[],
      look: (to: Gauge<T>) => void,
    ): void => {
      const made: Gauge<T> = new Gauge({
        ...named(name, help, labelNames),
        collect: () => {
          made.reset();
          look(made);
        },
      });
    };
    const sum = (of: (channel: Delivery['channels'][number]) => number): number =>
      delivery.channels.reduce((total, channel) => total + of(channel), 0);
    const most = (of: (channel: Delivery['channels'][number]) => number): number =>
      delivery.channels.reduce((found, channel) => Math.max(found, of(channel)), 0);

    gauge('connections', 'Open connections.', ['kind', 'transport'], (to) => {
      for (const { kind, transport } of connections()) to.inc({ kind, transport });
    });
    gauge('rooms', 'Rooms in which somebody is.', [], (to) => to.set(sum(({ audience }) => audience.rooms)));
    const deliveries: Counter = new Counter({
      ...named('deliveries_total', 'Events that were given to a connection.'),
      collect: () => {
        deliveries.reset();
        deliveries.inc(sum(({ audience }) => audience.delivered));
      },
    });
    gauge(
      'tail_missing_events',
      'Events in the log that were not handed on yet, in the domain with the most.',
      [],
      (to) => to.set(most(({ tail }) => tail.missing)),
    );
    gauge(
      'tail_age_seconds',
      'Since when the head of the log is unknown, in the domain that knows least.',
      [],
      (to) => to.set(most(({ tail }) => performance.now() - tail.lookedAt) / 1000),
    );
    gauge('heartbeat_seconds', 'How long the last heartbeat took through the log.', [], (to) => {
      if (heartbeat.took !== undefined) to.set(heartbeat.took / 1000);
    });
    gauge(
      'archive_missing_events',
      'Events that were not looked at for the store of messages yet, in the domain with the most.',
      [],
      (to) => to.set(archive?.state?.missing ?? 0),
    );
    gauge(
      'archive_age_seconds',
      'Since when not all of the messages are stored, on the node that stores them.',
      [],
      (to) => to.set(archive?.state ? (performance.now() - archive.state.wholeAt) / 1000 : 0),
    );
    gauge('event_loop_delay_seconds', 'Since the last time that somebody asked.', ['quantile'], (to) => {
      for (const [quantile, seconds] of loopDelay.take()) to.set({ quantile }, seconds);
    });
    gauge(
      'subscription_behind_events',
      'Events of the log that a subscription has not come to yet, where this node delivers it.',
      ['subscription'],
      (to) => {
        for (const { name, behind } of outbound.standings()) to.set({ subscription: name }, behind);
      },
    );
    gauge(
      'subscription_failing_seconds',
      'Since when the next event of a subscription can not be delivered, or is not wanted; 0 where all is well.',
      ['subscription'],
      (to) => {
        for (const { name, failingSince } of outbound.standings())
          to.set({ subscription: name }, failingSince === undefined ? 0 : (Date.now() - failingSince) / 1000);
      },
    );
    gauge('resident_memory_bytes', 'Memory of the process.', [], (to) => to.set(process.memoryUsage.rss()));
  }

  return {
    delivered(entries) {
      const age = ageOf(entries.at(-1));
      if (age !== undefined) commitToSocket.observe(age / 1000);
    },
    subscribed: (outcome) => subscribes.inc({ outcome }),
    closed: (code) => closes.inc({ code }),
    attempted: (subscription, outcome) => attempts.inc({ subscription, outcome }),
    keptAside: (reason) => deadLetters.inc({ reason }),
    reading: (why) => readings.inc({ why }),
    pushedOut: () => deadLettersLost.inc(),
    relayed: (age) => outboxAge.set(Math.max(0, age) / 1000),
    backlog(engine, { rows, oldest }) {
      backlogRows.set({ engine }, rows);
      backlogAge.set({ engine }, oldest === undefined ? 0 : Math.max(0, Date.now() - oldest) / 1000);
    },
    corrected: (kind) => corrections.inc({ kind }),
    publishing: (publish) => async (domain, facts, life) => {
      const begun = performance.now();
      const result = await publish(domain, facts, life);
      if (facts.length > 0) {
        publishFacts.observe(facts.length);
        publishSeconds.observe((performance.now() - begun) / 1000);
      }
      return result;
    },
    watch,
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
