import type { Entry } from '@netbuild/realtime-log';

/** Subjects whose events come from an engine, and are small: what others carry need not be parsed for this. */
const OF_AN_ENGINE = /^(task|process|activity|incident)\//;

/**
 * Milliseconds since the engine's commit that an entry tells of; `undefined` if it tells of none.
 * As exact as the clocks of the two machines agree, and never below 0.
 */
export function ageOf(entry: Entry | undefined): number | undefined {
  if (!entry?.subject || !OF_AN_ENGINE.test(entry.subject)) return undefined;
  const { committedAt } = JSON.parse(entry.body) as { committedAt?: number };
  return committedAt === undefined ? undefined : Math.max(0, Date.now() - committedAt);
}
