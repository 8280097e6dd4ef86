import { crc32 } from 'node:zlib';
import { DOMAIN } from '../load/cast.mjs';
import { livesOf } from './lives.mjs';

const PAGE = 2000;

/**
 * The whole log as the oracle needs it: of each entry its rooms, the rooms it left, its id and a checksum of its body;
 * and its lives. Bodies are not kept, or a million of them would not fit.
 *
 * @param {string[]} epochs the lives that publishers were told of, in their order
 */
export async function readTruth(log, epochs) {
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
  const { lives } = await log.head(DOMAIN);
  return { entries, head: entries.at(-1)?.seq ?? 0, lives: livesOf(lives, epochs) };
}

/** One entry as people read it. */
export function entryLine({ seq, type, subject, id, rooms, left }) {
  return `${String(seq).padStart(8)}  ${type}  ${subject ?? ''}  ${id}  → ${rooms.join(' ')}${left.length > 0 ? `  left ${left.join(' ')}` : ''}`;
}
