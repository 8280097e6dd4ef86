import type { Group, LeavingLog, Retention, StoredRow } from '@netbuild/realtime-log';
import type { Life, Subject } from '@netbuild/realtime-protocol';
import { ModelLog } from '../../../log/test/model.ts';

/** What may be done to a log of one domain; done again from the beginning, it is the same log. */
type Deed = { append: Group[] } | { trim: Retention } | { letGo: readonly Place[] };
type Place = { subject: Subject; seq: number };

/** A log in memory, for tests that do a great deal to it: it lets go of bodies, and goes back. */
export interface RewindableModel {
  log: LeavingLog;
  /** What there is, without what was let go of. */
  whole: ModelLog;
  /** Notes what there is. */
  keep(): void;
  /** Goes back to what was kept, in a new life; not to what is forgotten by now, as no failover does. */
  rewind(): boolean;
}

export function openModelLog(): RewindableModel {
  let model = new ModelLog();
  let away = new Set<number>();
  let deeds: Deed[] = [];
  let kept: { deeds: Deed[]; head: number } | undefined;
  let lives: Life[] = [{ epoch: 'life-1', from: 1 }];

  const head = () => model.entries.length;
  const epoch = () => lives.at(-1)!.epoch;
  const at = () => ({ epoch: epoch(), seq: head(), floor: model.floor });
  const seen = <T extends { seq: number; body: string }>(one: T): T =>
    away.has(one.seq) ? { ...one, body: '', away: true } : one;
  const rowsOf = (subjects: Iterable<Subject>): StoredRow[] =>
    [...new Set(subjects)].flatMap((subject) => {
      const row = model.row(subject);
      return row ? [seen(row)] : [];
    });
  const every = () => rowsOf(model.entries.flatMap(({ subject }) => subject ?? []));

  function carryOut(deed: Deed) {
    if ('append' in deed) return model.append(deed.append);
    if ('trim' in deed) model.trim(deed.trim);
    else
      for (const { subject, seq } of deed.letGo) {
        const row = model.row(subject);
        if (row?.seq === seq && seq <= model.floor && !row.open) away.add(seq);
      }
    return [];
  }
  function enact(deed: Deed) {
    deeds.push(deed);
    return carryOut(deed);
  }

  const log: Partial<LeavingLog> = {
    async append(_domain, groups) {
      const results = enact({ append: groups }).map((result) =>
        result.status === 'moved'
          ? { ...result, rows: result.rows.map(({ subject, row }) => ({ subject, row: row && seen(row) })) }
          : result,
      );
      return { epoch: epoch(), seq: head(), settle: 0, groups: results };
    },
    head: async () => ({ ...at(), lives: [...lives] }),
    async read(_domain, { after, limit }) {
      const entries = model.readable.filter(({ seq }) => seq > after);
      return { ...at(), entries: entries.slice(0, limit), more: entries.length > limit };
    },
    rows: async (_domain, subjects) => rowsOf(subjects),
    async everyRow(_domain, { after = '0', limit }) {
      const rows = every();
      const end = Number(after) + limit;
      return { ...at(), rows: rows.slice(Number(after), end), ...(rows.length > end && { next: `${end}` }) };
    },
    async trim(_domain, retention) {
      enact({ trim: retention });
      return { floor: model.floor, more: false, behind: [] };
    },
    async letGo(_domain, life, places) {
      if (life === epoch()) enact({ letGo: places });
      return places.length;
    },
  };
  return {
    log: log as LeavingLog,
    get whole() {
      return model;
    },
    keep() {
      kept = { deeds: [...deeds], head: head() };
    },
    rewind() {
      if (!kept || kept.head < model.floor) return false;
      [model, away, deeds] = [new ModelLog(), new Set(), [...kept.deeds]];
      for (const deed of deeds) carryOut(deed);
      lives = [...lives, { epoch: `life-${lives.length + 1}`, from: head() + 1 }];
      return true;
    },
  };
}
