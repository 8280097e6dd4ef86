import type { LeavingLog } from '@netbuild/realtime-log';
import { erasuresIn, messagesIn } from './message.ts';
import { type ArchiveStore, type ArchiveTurn, type Reached, TurnOver } from './store.ts';

/** Brings the messages of one domain's log into the store, a page at a time. */
export interface Projection {
  /**
   * Goes on from where it is stored, by a page.
   *
   * @returns up to where it is stored now, and how many events of the log are yet to be looked at
   */
  advance(): Promise<{ reached: number; missing: number }>;
  /**
   * Goes through what is stored, by a page: what the log no longer has is removed, and what it has forgotten but for
   * the last word is let go of there. What goes is what was read back, and is the same to the letter.
   *
   * @returns whether there is more
   */
  sweep(): Promise<boolean>;
}

/** What a projection works with. */
export interface ProjectionTools {
  domain: string;
  /** The log as it is, without what the store completes it with. */
  log: Pick<LeavingLog, 'head' | 'read' | 'everyRow' | 'rows' | 'letGo'>;
  store: Pick<ArchiveStore, 'at'>;
  turn: ArchiveTurn;
  /** Entries, or messages, that are looked at at once. Default 500. */
  page?: number | undefined;
}

/**
 * Makes a {@link Projection}. Each of its steps can be repeated, so whoever is killed in one leaves nothing that the
 * next one does not put right; what it knows is the position in the store.
 */
export function createProjection({
  domain,
  log,
  store,
  turn,
  page: limit = 500,
}: ProjectionTools): Projection {
  let reached = turn.reached;
  let swept = 0;

  async function reach(position: Reached): Promise<void> {
    await turn.reach(position);
    reached = position;
  }

  /**
   * From what the log has forgotten, but for last words, on. It goes back here when another life has begun, however
   * little that has lost: what was erased in the one before may be there again, at whatever place.
   */
  async function beginAnew(): Promise<{ reached: number; missing: number }> {
    const { epoch, seq, floor } = await log.head(domain);
    for (let next: string | undefined, more = floor > 0; more; more = next !== undefined) {
      const page = await log.everyRow(domain, { limit, ...(next !== undefined && { after: next }) });
      await turn.put(messagesIn(page.rows.filter((row) => row.seq <= floor)));
      ({ next } = page);
    }
    // Beyond the head there is nothing, whatever a life that was lost has left there.
    await turn.replace(seq, Number.MAX_SAFE_INTEGER, []);
    await reach({ epoch, seq: floor });
    swept = 0;
    return { reached: floor, missing: seq - floor };
  }

  return {
    async advance() {
      if (!reached) return beginAnew();
      const { seq: after, epoch } = reached;
      const page = await log.read(domain, { after, limit });
      if (page.epoch !== epoch || page.floor > after) return beginAnew();
      if (page.entries.length === 0) return { reached: after, missing: 0 };
      const last = page.more ? page.entries.at(-1)!.seq : page.seq;
      const messages = messagesIn(page.entries);
      try {
        await turn.replace(after, last, messages);
        for (const { seq, subjects } of erasuresIn(page.entries)) await turn.erase(subjects, seq);
        await reach({ epoch, seq: last });
      } catch (error) {
        // It was frozen since it read them: whoever is at it now has them stored, unless they were erased meanwhile.
        if (error instanceof TurnOver) await turn.remove(messages.map(({ seq }) => seq));
        throw error;
      }
      return { reached: last, missing: page.seq - last };
    },
    async sweep() {
      if (!reached) return true;
      const found = await turn.list(swept, reached.seq, limit);
      const { epoch, floor } = await log.head(domain);
      // The position first.
      if (epoch !== reached.epoch) return true;
      const names = new Set(found.map(({ subject }) => subject));
      const rows = new Map((await log.rows(domain, [...names])).map((row) => [row.subject, row]));
      const gone = found.filter(({ subject, seq }) => {
        const row = rows.get(subject);
        // One that has gone on stays until that can not be lost any more: of what the log has let go of it is all there is.
        return !row || row.seq < seq || (row.seq > seq && row.seq <= floor);
      });
      await turn.remove(gone.map(({ seq }) => seq));
      const here = found.flatMap(({ subject, seq }) => {
        const row = rows.get(subject);
        return row?.seq === seq && seq <= floor && !row.away ? [row] : [];
      });
      const bodies = new Map(
        (
          await store.at(
            domain,
            here.map(({ seq }) => seq),
          )
        ).map((one) => [one.seq, one.body]),
      );
      await log.letGo(
        domain,
        epoch,
        here.filter(({ seq, body }) => bodies.get(seq) === body),
      );
      await turn.put(messagesIn(here.filter(({ seq, body }) => bodies.get(seq) !== body)));
      swept = found.at(-1)?.seq ?? 0;
      if (found.length === limit) return true;
      swept = 0;
      return false;
    },
  };
}
