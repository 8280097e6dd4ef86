import { randomUUID } from 'node:crypto';
import type { DeadLetterData } from '@netbuild/realtime-protocol';
import type { MongodbSource } from '../../config/mongodb.ts';
import { createEntering, type EnteringTools, MONGODB } from './entering.ts';
import { type FollowTools, followCollection } from './follow.ts';

/** What the sources of a gateway need. */
export type MongodbSourcesTools = Omit<EnteringTools, 'source' | 'domain'> &
  Omit<FollowTools, 'source' | 'domain' | 'entering' | 'holder'> & {
    sources: readonly MongodbSource[];
    /** What this node is called. */
    instance: string;
  };

/** The collections that a node follows, or would. */
export interface MongodbSources {
  /** Whether a dead letter is of a collection. */
  isOf(letter: DeadLetterData): boolean;
  /**
   * Takes what a dead letter is about again.
   * @returns why it still can not enter; `undefined` where it has
   */
  replay(letter: DeadLetterData): Promise<string | undefined>;
  /** Ends what is under way, writes down how far it has come, and gives the leases back. */
  close(): Promise<void>;
}

/** Follows the collections that the settings name; of several nodes one follows a collection at a time. */
export function followSources({ sources, instance, ...tools }: MongodbSourcesTools): MongodbSources {
  // A node that was started again under its name is not the one that had the lease.
  const holder = `${instance}/${randomUUID().slice(0, 8)}`;
  const stopping = new AbortController();
  const all = new Map(
    sources.map((source) => {
      const own = { ...tools, source, domain: source.domain ?? tools.home };
      return [source.name, { ...own, holder, entering: createEntering(own) }];
    }),
  );
  const running = [...all.values()].map((one) =>
    followCollection(one, stopping.signal).catch((err: unknown) =>
      tools.logger.error({ err, mongodbSource: one.source.name }, 'following a collection has ended'),
    ),
  );

  return {
    isOf: ({ engine }) => engine?.startsWith(MONGODB) === true,
    async replay(letter) {
      const one = all.get((letter.engine ?? '').slice(MONGODB.length));
      return one ? one.entering.replay(letter) : 'The settings have no such source.';
    },
    async close() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
