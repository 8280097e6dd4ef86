import {
  type Appended,
  type Entry,
  type Group,
  type Log,
  LogError,
  type StoredRow,
} from '@netbuild/realtime-log';
import type { Logger } from 'pino';
import { answered } from '../impatient.ts';
import { isMessage } from './message.ts';
import type { ArchiveStore } from './store.ts';

/** What a log is completed with. */
export interface WithArchiveTools {
  /** None: what the log has let go of can not be had, and whoever asks for it is told so. */
  store: Pick<ArchiveStore, 'at' | 'erase'> | undefined;
  logger: Pick<Logger, 'error' | 'warn'>;
}

/** Milliseconds for which an erasure waits for the store. Whatever it misses, the projection erases. */
const ERASE_WITHIN = 1000;

/**
 * The same log, with the bodies that it has let go of: they come from the store, each from its place. What there is,
 * where it stands and who may see it is said by the log alone, so there is no seam between the two, and nothing that is
 * gone from the log is found in the store.
 *
 * An erasure takes what it erases out of the store before it is answered.
 */
export function withArchive(log: Log, { store, logger }: WithArchiveTools): Log {
  async function bodiesAt(domain: string, seqs: number[]) {
    if (!store)
      throw new LogError(
        'failed',
        'Messages have been moved to MongoDB, and MONGODB_URL does not say where that is.',
      );
    return new Map((await store.at(domain, seqs)).map((message) => [message.seq, message]));
  }

  async function filled<T extends Entry | StoredRow>(domain: string, found: T[]): Promise<T[]> {
    const seqs = found.filter(({ away }) => away).map(({ seq }) => seq);
    if (seqs.length === 0) return found;
    const bodies = await bodiesAt(domain, seqs);
    const lost: T[] = [];
    const whole = found.flatMap((one): T[] => {
      const { away, ...rest } = one;
      if (!away) return [one];
      const stored = bodies.get(one.seq);
      // At the same place of another life somebody else may have spoken.
      if (stored && stored.subject === one.subject) return [{ ...rest, body: stored.body } as T];
      lost.push(one);
      return [];
    });
    if (lost.length > 0) await tell(domain, lost);
    return whole;
  }

  /** Those that were erased meanwhile are gone from the log, too. */
  async function tell(domain: string, lost: (Entry | StoredRow)[]): Promise<void> {
    const rows = await log.rows(
      domain,
      lost.flatMap(({ subject }) => subject ?? []),
    );
    const subjects = rows
      .filter(
        (row) => row.away && lost.some(({ subject, seq }) => subject === row.subject && seq === row.seq),
      )
      .map(({ subject }) => subject);
    if (subjects.length > 0) logger.error({ domain, subjects }, 'messages are missing in the store');
  }

  async function eraseFrom(domain: string, groups: Group[], { groups: results }: Appended): Promise<void> {
    const erasing = results.map(async (result, i) => {
      const subjects = (groups[i]!.erases ?? [])
        .filter((named) => typeof named !== 'number')
        .filter(isMessage);
      const before = result.status === 'new' ? result.seqs[0] : undefined;
      if (store && before !== undefined && subjects.length > 0) await store.erase(domain, subjects, before);
    });
    await answered(Promise.all(erasing), ERASE_WITHIN, 'MongoDB').catch((err: unknown) =>
      logger.warn(
        { err, domain },
        'what was erased will be erased in the store, too, once it can be reached',
      ),
    );
  }

  const whole: Partial<Log> = {
    rows: async (domain, subjects) => filled(domain, await log.rows(domain, subjects)),
    async readBack(domain, range) {
      const page = await log.readBack(domain, range);
      return { ...page, entries: await filled(domain, page.entries) };
    },
    async everyRow(domain, range) {
      const page = await log.everyRow(domain, range);
      return { ...page, rows: await filled(domain, page.rows) };
    },
    async append(domain, groups) {
      const appended = await log.append(domain, groups);
      await eraseFrom(domain, groups, appended);
      const results = appended.groups.map(async (result) => {
        if (result.status !== 'moved') return result;
        const rows = new Map(
          (
            await filled(
              domain,
              result.rows.flatMap(({ row }) => row ?? []),
            )
          ).map((row) => [row.subject, row]),
        );
        return { ...result, rows: result.rows.map(({ subject }) => ({ subject, row: rows.get(subject) })) };
      });
      return { ...appended, groups: await Promise.all(results) };
    },
  };
  return new Proxy(log, {
    get(target, name: keyof Log) {
      if (whole[name]) return whole[name];
      const found = Reflect.get(target, name, target) as unknown;
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
}
