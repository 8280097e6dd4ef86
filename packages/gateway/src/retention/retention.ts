import type { Retention } from '@netbuild/realtime-log';
import type { Config } from '../config/config.ts';

/** Milliseconds of a day. */
const DAY = 24 * 3_600_000;

/** What is said stays for good, and so does how far who has read it: without that it would be new to them again. */
const LASTING = ['message/', 'read/'];

/** What the settings ask the log to keep. Readers of their own pace are waited for up to twice as much. */
export function retentionOf(
  config: Pick<Config, 'KEEP_EVENTS_DAYS' | 'KEEP_EVENTS' | 'KEEP_ENDED_DAYS'>,
): Retention {
  const { KEEP_EVENTS_DAYS: days, KEEP_EVENTS: count, KEEP_ENDED_DAYS: ended } = config;
  const limit = (times: number) => ({
    ...(days > 0 && { age: times * inMilliseconds(days) }),
    ...(count > 0 && { count: times * count }),
  });
  return {
    events: limit(1),
    waiting: limit(2),
    ...(ended > 0 && { ended: inMilliseconds(ended), lasting: LASTING }),
  };
}

/** Days as the log counts them. */
export function inMilliseconds(days: number): number {
  return Math.ceil(days * DAY);
}
