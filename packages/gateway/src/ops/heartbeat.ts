import { randomUUID } from 'node:crypto';
import { type Log, LogError } from '@netbuild/realtime-log';
import type { Delivery } from '../delivery/delivery.ts';
import { OWN_DOMAIN } from '../own-domain.ts';

/** Milliseconds for a heartbeat to come back. Whoever asks waits so long, so it is below what health checks allow. */
const WITHIN = 2000;

/** Milliseconds for which a heartbeat that came back is proof enough; anybody may ask, and each writes an event. */
const GOOD_FOR = 5000;

/** Heartbeats that the log keeps, of all nodes together; nobody reads them again. */
const KEPT = 1000;

/** The proof that this node delivers: something that it has appended comes back to it through the log. */
export interface Heartbeat {
  /**
   * Resolves if a heartbeat has come back just now, or a moment ago.
   *
   * @throws {@link LogError} if it does not
   */
  beat(): Promise<void>;
  /** Milliseconds that the last one took; none before the first. */
  readonly took: number | undefined;
}

/** What may be set; tests are quicker than operators. */
export interface HeartbeatOptions {
  within?: number;
  goodFor?: number;
  kept?: number;
}

/** Makes the heartbeat of one node. It beats only when it is asked for. */
export function createHeartbeat(
  log: Pick<Log, 'append' | 'trim'>,
  delivery: Delivery,
  { within = WITHIN, goodFor = GOOD_FOR, kept = KEPT }: HeartbeatOptions = {},
): Heartbeat {
  let beating: Promise<void> | undefined;
  let goodUntil = Number.NEGATIVE_INFINITY;
  let took: number | undefined;

  async function roundTrip(): Promise<void> {
    const begun = performance.now();
    // The tail must be there first, or it would begin at the heartbeat and not bring it.
    const { tail } = await delivery.channel(OWN_DOMAIN);
    const events = [{ rooms: [], left: [], open: false, body: '{}' }];
    const { epoch, seq } = await log.append(OWN_DOMAIN, [{ key: randomUUID(), reads: [], events }]);
    if (!(await tail.reached(seq, epoch))) throw new LogError('failed', 'the log has lost a heartbeat');
    took = performance.now() - begun;
    goodUntil = performance.now() + goodFor;
    // What could not be forgotten now is, the next time.
    log.trim(OWN_DOMAIN, { events: { count: kept } }).catch(() => undefined);
  }

  function limited(work: Promise<void>): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new LogError('failed', `no heartbeat has come back within ${within} ms`)),
      within,
    );
    return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
  }

  return {
    async beat() {
      if (performance.now() < goodUntil) return;
      // One at a time; those that come meanwhile wait for the same one.
      beating ??= limited(roundTrip()).finally(() => {
        beating = undefined;
      });
      await beating;
    },
    get took() {
      return took;
    },
  };
}
