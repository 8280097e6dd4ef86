import { openRedisLog, openSqliteLog } from '../../packages/log/src/index.ts';
import { laneOf } from './load.mjs';

/** Our log, through its public interface: compared groups with keys, rows and the index of rooms. */
export async function openOurs({ storage, directory, url, newId, size, callers: count }) {
  const log =
    storage === 'sqlite' ? await openSqliteLog({ directory }) : await openRedisLog({ url, prefix: 'ours:' });
  // Each waits for its answer before it appends again.
  const callers = Array.from({ length: count }, (_, n) => callerOf(log, laneOf(newId, `${n}`), size));
  return {
    /** Appends at least so many events; answers with how many it were. */
    async append(count) {
      let left = count;
      let done = 0;
      const work = async (call) => {
        while (left > 0) {
          left -= size;
          const written = await call();
          done += written;
        }
      };
      await Promise.all(callers.map(work));
      return done;
    },
    close: () => log.close(),
  };
}

/** Appends the next groups of a lane, each with the rows that it read as they then are. */
function callerOf(log, lane, size) {
  const seqs = new Map();
  return async () => {
    const groups = [];
    const here = new Map();
    for (let n = 0; n < size; n++) {
      const { key, reads, event } = lane.next().value;
      const read = (subject) =>
        here.has(subject) ? { subject, group: here.get(subject) } : { subject, seq: seqs.get(subject) ?? 0 };
      groups.push({
        key,
        digest: 'the digest of what was published',
        reads: reads.map(read),
        events: [event],
      });
      here.set(event.subject, n);
    }
    const { groups: results } = await log.append('bench', groups);
    results.forEach(({ status, seqs: given }, n) => {
      if (status !== 'new') throw new Error(`A group was not written: ${status}.`);
      const [{ subject, open }] = groups[n].events;
      if (open) seqs.set(subject, given[0]);
      else seqs.delete(subject);
    });
    return groups.length;
  };
}
