import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, StoredRow } from '@netbuild/realtime-log';
import { type CommandData, type CommandName, UNDER_WAY } from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import { errorOf } from '../error.ts';
import { startRounds } from '../rounds.ts';
import { dataOf, openRows } from '../rows.ts';
import type { Call } from './command.ts';

/** What a sweep needs. */
export interface SweepTools {
  log: Pick<Log, 'domains' | 'snapshot'>;
  /** Brings one to its end; rejects where that can not be yet. */
  resume: (name: string, call: Call<CommandName>) => Promise<void>;
  /** Milliseconds from the end of one round to the next. */
  every: number;
  logger: Logger;
}

/** Sees to it that no command is left open for good. */
export interface Sweep {
  /** Begins with no other; resolves when the one under way is done, or left to the next who finds it. */
  close(): Promise<void>;
}

/** Rows that are read at once. */
const PAGE = 100;

/** Milliseconds that the one under way has to come to its end when the node stops. */
const GRACE = 2000;

/** Milliseconds after which one that was accepted is looked at, though nobody has taken it. */
const UNTAKEN = 10_000;

/**
 * Makes a sweep, which goes through all domains and takes up the commands whose lease is over: a node that was killed
 * has left them behind, or the engine did not answer. Several nodes may do so: the log gives each lease to one.
 */
export function createSweep({ log, resume, every, logger }: SweepTools): Sweep {
  async function sweep(domain: string, signal: AbortSignal): Promise<void> {
    for await (const page of openRows(log, domain, UNDER_WAY, PAGE)) {
      for (const row of page) {
        if (signal.aborted) return;
        if (isLeft(row)) await takeUp(domain, row);
      }
    }
  }

  async function takeUp(domain: string, row: StoredRow): Promise<void> {
    const { type, userId, commandId, payload } = dataOf<CommandData>(row);
    // What a person may see was asked when it was accepted.
    const actor = { userId, domainId: domain, groups: [], roles: [], rooms: [], expires: 0 };
    await resume(type, { actor, commandId, payload: payload as never }).catch((thrown: unknown) => {
      // Most have told their end by it. What is open comes again with the next round.
      if (errorOf(thrown).code === 'internal')
        logger.error(
          { err: thrown, domain, command: row.subject },
          'a command that was left could not be ended',
        );
    });
  }

  const rounds = startRounds({
    log,
    every,
    look: sweep,
    onTrouble: (err) => logger.warn({ err }, 'commands that were left behind could not be looked for'),
  });
  return {
    async close() {
      await Promise.race([rounds.close(), sleep(GRACE, undefined, { ref: false })]);
    },
  };
}

function isLeft(row: StoredRow): boolean {
  const { until, accepted } = dataOf<CommandData>(row);
  const due = until === undefined ? Date.parse(accepted ?? '') + UNTAKEN : Date.parse(until);
  return due < Date.now();
}
