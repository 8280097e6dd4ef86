import type { Actor } from '../auth/actor.ts';
import { networkOf } from '../network.ts';
import { createBucket } from '../rate.ts';
import { createBuckets } from './buckets.ts';
import { createCounter } from './counter.ts';
import type { Limits } from './limits.ts';
import { tooMany } from './too-many.ts';

/** One connection of an address. */
export interface Visit {
  /** It has said who it is. */
  known(): void;
  end(): void;
}

/** Lets connections in, or not. */
export interface Entrance {
  /**
   * Asked before a session begins, and before anything of it is read.
   *
   * @throws {@link RealtimeError} `too_many_requests`
   */
  assertMayKnock(address: string): void;
  /** Counts a session, or a stream, of an address that was let in. */
  visit(address: string): Visit;
  /**
   * Asked once it is known who it is.
   *
   * @throws {@link RealtimeError} `too_many_requests`
   */
  assertMayEnter(actor: Actor): void;
  /** Counts a connection of a person; returns the way to say that it has ended. */
  enter(actor: Actor): () => void;
  /** Keeps a person out for a while whose connection was closed for asking too much; in milliseconds. */
  sendOff(actor: Actor): number;
}

/** Seconds for which who was closed as `too_fast` is not let in: a new connection has full buckets again. */
const OFF_SECONDS = 10;

/** Milliseconds after which a connection may be asked for again where there are too many; when one ends nobody knows. */
const LATER = 5000;

/** Makes the entrance of one node. */
export function createEntrance(limits: Limits): Entrance {
  const node = createBucket(limits.handshakes.node);
  const addresses = createBuckets(limits.handshakes.address);
  const sentOff = createBuckets({ burst: 1, perSecond: 1 / OFF_SECONDS });
  const connections = {
    address: createCounter(limits.connections.address),
    user: createCounter(limits.connections.user),
  };
  const unknown = createCounter(limits.unauthenticated.sockets);
  const keyOf = ({ domainId, userId }: Actor): string => JSON.stringify([domainId, userId]);
  // Those who are turned away together must not come back together.
  const later = (): number => LATER * (0.5 + Math.random());

  return {
    assertMayKnock(address) {
      const from = networkOf(address);
      const wait = addresses.take(from) || node.take();
      if (wait > 0) throw tooMany(wait + 1000 * Math.random(), 'Too many connections are begun at once.');
      if (unknown.isFull(from) || connections.address.isFull(from))
        throw tooMany(later(), 'This address has too many connections.');
    },
    visit(address) {
      const from = networkOf(address);
      const [left, known] = [connections.address.add(from), unknown.add(from)];
      return {
        known,
        end() {
          known();
          left();
        },
      };
    },
    assertMayEnter(actor) {
      const key = keyOf(actor);
      const wait = sentOff.waitOf(key);
      if (wait > 0) throw tooMany(wait, 'A connection of yours has asked too much.');
      if (connections.user.isFull(key)) throw tooMany(later(), 'You have too many connections.');
    },
    enter: (actor) => connections.user.add(keyOf(actor)),
    sendOff(actor) {
      const key = keyOf(actor);
      sentOff.take(key);
      return Math.ceil(sentOff.waitOf(key));
    },
  };
}
