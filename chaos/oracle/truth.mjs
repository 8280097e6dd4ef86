import { crc32 } from 'node:zlib';
import { DOMAIN } from '../load/cast.mjs';

const PAGE = 2000;

/**
 * The whole log as the oracle needs it: of each entry its rooms, the rooms it left, its id and a checksum of its body.
 * Bodies are not kept, or a million of them would not fit.
 */
export async function readTruth(log) {
  const entries = [];
  const names = new Map();
  const shared = (rooms) => {
    const key = rooms.join('\n');
    if (!names.has(key)) names.set(key, rooms);
    return names.get(key);
  };
  for (let after = 0, more = true; more; ) {
    const page = await log.read(DOMAIN, { after, limit: PAGE });
    for (const { seq, rooms, left, subject, body } of page.entries) {
      const { id, type } = JSON.parse(body);
      entries.push({
        seq,
        rooms: shared(rooms),
        left: shared(left),
        subject,
        id,
        type,
        print: crc32(body),
      });
      after = seq;
    }
    more = page.more;
  }
  return { entries, head: entries.at(-1)?.seq ?? 0 };
}

/** One entry as people read it. */
export function entryLine({ seq, type, subject, id, rooms, left }) {
  return `${String(seq).padStart(8)}  ${type}  ${subject ?? ''}  ${id}  → ${rooms.join(' ')}${left.length > 0 ? `  left ${left.join(' ')}` : ''}`;
}
