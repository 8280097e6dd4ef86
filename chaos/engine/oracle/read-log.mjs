import { openSqliteLog } from '../../../packages/log/src/index.ts';

const PAGE = 2000;

/** The kinds of subject that the engine's tables know. */
const KINDS = new Set(['task', 'process', 'activity', 'incident']);

/**
 * What the log has of the engine, in all domains: by subject its events, in order, and its row. To be read when no
 * gateway has it open.
 *
 * @returns {Promise<Map<string, { events: { domain: string, seq: number, id: string, type: string, data: any }[], row: any }>>}
 */
export async function readLog(directory, domains) {
  const log = await openSqliteLog({ directory });
  try {
    const subjects = new Map();
    let length = 0;
    for (const domain of domains) {
      const own = new Set();
      for (let after = 0, more = true; more; ) {
        const page = await log.read(domain, { after, limit: PAGE });
        for (const { seq, subject, body } of page.entries) {
          after = seq;
          length++;
          if (!KINDS.has(subject?.split('/', 1)[0])) continue;
          const { id, type, data } = JSON.parse(body);
          if (!subjects.has(subject)) subjects.set(subject, { events: [], row: undefined });
          subjects.get(subject).events.push({ domain, seq, id, type, data });
          own.add(subject);
        }
        ({ more } = page);
      }
      const names = [...own];
      for (let i = 0; i < names.length; i += PAGE)
        for (const { subject, seq, open, body } of await log.rows(domain, names.slice(i, i + PAGE)))
          subjects.get(subject).row = { domain, seq, open, data: JSON.parse(body).data };
    }
    return { subjects, length };
  } finally {
    await log.close();
  }
}
