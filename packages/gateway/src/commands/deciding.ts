import type { CommandData, CommandResults, ErrorCode } from '@netbuild/realtime-protocol';

/** What a look at the engine, and at the rows, has shown of a command that somebody has gone to ask it for. */
export type Sight<Result = CommandResults[keyof CommandResults]> =
  | { is: 'done'; result: Result }
  | { is: 'undone' }
  /** It can not be done any more, whoever asks. */
  | { is: 'impossible'; code: ErrorCode }
  /** The engine keeps too little to tell. */
  | { is: 'unknown' }
  /** The engine could not be looked at. */
  | { is: 'hidden' };

/** What to do next about an open command. */
export type Next<Result = CommandResults[keyof CommandResults]> =
  /** Take it, and ask the engine. */
  | { do: 'ask' }
  | { do: 'complete'; result: Result }
  | { do: 'fail'; code: ErrorCode }
  /** Look again later. */
  | { do: 'wait' };

/** How often the engine is asked in one attempt; after that nobody can tell what it makes of it. */
export const MOST_TAKES = 3;

/**
 * Decides what becomes of an open command that is met by a retry, by another node, or by who has lost the engine's
 * answer. Pure; each cell has its test.
 *
 * | row                     | seen       | lease runs  | lease is over                                         |
 * | ----------------------- | ---------- | ----------- | ----------------------------------------------------- |
 * | accepted, never taken   | –          | ask         | ask; left behind for too long: fail `abandoned`       |
 * | taken                   | done       | complete    | complete                                              |
 * | taken                   | undone     | wait        | ask; asked often enough: fail `in_doubt`; left behind for too long: fail `abandoned` |
 * | taken                   | impossible | fail        | fail                                                  |
 * | taken                   | unknown    | wait        | fail `in_doubt`                                       |
 * | taken                   | hidden     | wait        | wait                                                  |
 *
 * @param at.isStale nobody expects it any more: it was left behind long ago, and no one has sent it again
 */
export function decide<Result>(
  row: Pick<CommandData, 'take' | 'until'>,
  sight: Sight<Result>,
  at: { now: number; isStale: boolean },
): Next<Result> {
  const ask: Next<Result> = at.isStale ? { do: 'fail', code: 'abandoned' } : { do: 'ask' };
  if (isUntaken(row)) return ask;
  const isHeld = row.until === undefined || Date.parse(row.until) > at.now;
  switch (sight.is) {
    case 'done':
      return { do: 'complete', result: sight.result };
    case 'impossible':
      return { do: 'fail', code: sight.code };
    case 'hidden':
      return { do: 'wait' };
    case 'unknown':
      return isHeld ? { do: 'wait' } : { do: 'fail', code: 'in_doubt' };
    case 'undone':
      if (isHeld) return { do: 'wait' };
      return (row.take ?? 0) >= MOST_TAKES ? { do: 'fail', code: 'in_doubt' } : ask;
  }
}

/** Whether nobody has gone to the engine with it; a version before this one had no takes, and asked at once. */
export function isUntaken({ take, until }: Pick<CommandData, 'take' | 'until'>): boolean {
  return take === undefined && until === undefined;
}
