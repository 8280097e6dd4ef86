import type { Entry, Log } from '@netbuild/realtime-log';
import { CHECKPOINT_INTERVAL, type ErasureData, type Subject } from '@netbuild/realtime-protocol';
import type { PresenceWord } from '../presence/attendance.ts';
import type { Presence } from '../presence/presence.ts';
import { dataOf } from '../rows.ts';
import { type Audience, createAudience } from './audience.ts';
import { createRecent, type Recent } from './recent.ts';
import { createSources, type Sources } from './sources.ts';
import { createStanding, type Standing } from './standing.ts';
import { createTail, type Tail } from './tail.ts';
import { createWords, type Word } from './words.ts';

/** One domain as this node serves it. */
export interface Channel {
  audience: Audience;
  tail: Tail;
  recent: Recent;
  standing: Standing;
  /** Who is in its rooms, on whichever node; none where nobody is to be told. */
  presence: Pick<Presence, 'of'> | undefined;
  /** What sources that keep have said in this domain. */
  sources: Sources;
  /**
   * Says something that is kept nowhere to who is now in one of its rooms, on all nodes. It may be lost.
   *
   * @throws LogError `misused` where its JSON text is longer than `MAX_WORD`
   */
  whisper(word: Word): void;
  /**
   * Looks out, from now on, for the event that names a user's command: the one of its target, or one that says who
   * has done it. Several may look out for the same.
   */
  effectOf(command: { userId: string; commandId: string; target?: Subject | undefined }): Effect;
  close(): void;
}

/** The effect of a command, that may come. */
export interface Effect {
  /** Its position, or `undefined` if it has not come within so many milliseconds. */
  within(milliseconds: number): Promise<number | undefined>;
  /** Looks out no longer. */
  stop(): void;
}

/** From the log to who is in the rooms. */
export interface Delivery {
  /** The domain's channel, opened at the first call. */
  channel(domain: string): Promise<Channel>;
  /** Whether what was read in a life of a domain's log may lack what sources that keep are about to send again. */
  isRebuilding(domain: string, epoch: string): Promise<boolean>;
  /** Those that are open. */
  readonly channels: readonly Channel[];
  close(): void;
}

/** What may be set about the delivery; tests are quicker than users. */
export interface DeliveryOptions {
  /** Milliseconds between two looks at the head of a domain's log. */
  lookEvery?: number;
  /** Milliseconds between two checkpoints of a member. */
  checkpointEvery?: number;
  /** Bytes of recent events that are kept for each domain, roughly. */
  recentBytes?: number;
}

/** Hears of what was just given to all who are in its rooms. */
export type Delivered = (entries: readonly Entry[]) => void;

/** Begins to follow who is where in a domain; `tell` tells who is in the rooms here. */
export type NewPresence = (domain: string, tell: (words: PresenceWord[]) => void) => Presence;

/** Whom the fold of a command's effect has named as the one who did it. */
interface Doer {
  by?: string;
  startedBy?: string;
}

/** Someone who looks out for the effect of a command. */
interface Lookout {
  userId: string;
  target: Subject | undefined;
  found: (seq: number) => void;
}

/** How often those are looked for whose checkpoint is due, as a part of the interval. */
const TURNS = 20;

/**
 * Makes the delivery of one node.
 *
 * @param home the domain in which sources say that all of theirs is in a life of the log. They speak for the others
 *   too: these are in the same storage, and a failover begins another life in each, at its first touch.
 * @param newPresence left out where nobody is told who is where
 */
export function createDelivery(
  log: Log,
  home: string,
  {
    lookEvery = 1000,
    checkpointEvery = CHECKPOINT_INTERVAL,
    recentBytes = 4 * 1024 * 1024,
  }: DeliveryOptions = {},
  delivered: Delivered = () => undefined,
  newPresence?: NewPresence,
): Delivery {
  const channels = new Map<string, Promise<Channel>>();
  const opened: Channel[] = [];

  async function open(domain: string): Promise<Channel> {
    const recent = createRecent(recentBytes);
    const sources = createSources(log, domain);
    let told: Pick<Channel, 'sources' | 'tail'> | undefined =
      domain === home ? undefined : await channelOf(home);
    const tell = (words: PresenceWord[]): void => {
      const time = new Date().toISOString();
      audience.whisper(words.map((word) => ({ ...word, time })));
    };
    const isRebuilding = (): boolean => told?.sources.areAwaited(told.tail.epoch) ?? false;
    const standing = createStanding();
    const presence = newPresence?.(domain, tell);
    const audience = createAudience(recent, isRebuilding, standing, presence);
    /** By the id of the command. */
    const lookouts = new Map<string, Set<Lookout>>();
    const deliver = (entries: Entry[], epoch: string): void => {
      sources.hear(entries);
      audience.deliver(entries, epoch);
      for (const entry of entries) {
        if (!entry.subject?.startsWith('erasure/')) continue;
        const { subjects, renewed = [], events = [] } = dataOf<ErasureData>(entry);
        recent.erase(new Set([...(subjects as Subject[]), ...(renewed as Subject[]), ...events]), entry.seq);
      }
      delivered(entries);
      if (lookouts.size === 0) return;
      for (const entry of entries) {
        // The command's own rows name it too; what is waited for is seen by somebody.
        if (entry.erased || entry.subject?.startsWith('command/')) continue;
        const { commandId, data } = JSON.parse(entry.body) as { commandId?: string; data: Doer };
        for (const { userId, target, found } of lookouts.get(commandId ?? '') ?? []) {
          // Ids are their user's own, and a target has one command at a time.
          if (userId === (data.by ?? data.startedBy) || target === entry.subject) found(entry.seq);
        }
      }
    };
    const rewound = (seq: number): void => {
      recent.begin(seq);
      audience.close('rewound');
      sources.load().catch(() => undefined);
    };
    const tail = await createTail(log, domain, deliver, { every: lookEvery, rewound }).catch((error) => {
      presence?.close();
      throw error;
    });
    if (domain === home) {
      try {
        await sources.load();
      } catch (error) {
        // The next call opens it anew, with a tail of its own.
        presence?.close();
        tail.close();
        throw error;
      }
      told = { sources, tail };
    }
    if (recent.seq !== tail.seq) recent.begin(tail.seq);
    const words = createWords(log, domain, audience.whisper);
    const turn = setInterval(() => {
      audience.prove(tail, tail.lookedAt, checkpointEvery);
      audience.renew(() => ({ epoch: tail.epoch, seq: tail.seq }));
    }, checkpointEvery / TURNS).unref();
    return {
      audience,
      recent,
      standing,
      presence,
      sources,
      tail,
      close() {
        clearInterval(turn);
        words.close();
        presence?.close();
        tail.close();
      },
      whisper: words.cast,
      effectOf({ userId, commandId, target }) {
        const seen = Promise.withResolvers<number>();
        const lookout = { userId, target, found: seen.resolve };
        const others = lookouts.get(commandId) ?? new Set();
        lookouts.set(commandId, others.add(lookout));
        return {
          within(milliseconds) {
            const timer = Promise.withResolvers<undefined>();
            const timeout = setTimeout(timer.resolve, milliseconds, undefined);
            return Promise.race([seen.promise, timer.promise]).finally(() => clearTimeout(timeout));
          },
          stop() {
            others.delete(lookout);
            if (others.size === 0 && lookouts.get(commandId) === others) lookouts.delete(commandId);
          },
        };
      },
    };
  }

  function channelOf(domain: string): Promise<Channel> {
    let channel = channels.get(domain);
    if (!channel) {
      channel = open(domain);
      channels.set(domain, channel);
      // A log that could not be read is asked again at the next call.
      channel.then((one) => opened.push(one)).catch(() => channels.delete(domain));
    }
    return channel;
  }

  return {
    channel: channelOf,
    channels: opened,
    async isRebuilding(domain, epoch) {
      const { sources, tail } = await channelOf(home);
      if (domain !== home || tail.epoch !== epoch) {
        // This life may have begun unseen.
        const head = await log.head(home);
        await tail.reached(head.seq, head.epoch);
      }
      return sources.areAwaited(tail.epoch);
    },
    close() {
      for (const channel of channels.values()) channel.then((open) => open.close()).catch(() => undefined);
    },
  };
}
