import { createRequire } from 'node:module';
import { laneOf } from './load.mjs';

// The client that the log builds on.
const { Redis } = createRequire(new URL('../../packages/log/package.json', import.meta.url))('ioredis');

/** Events in a list, as the log has them. */
const LIST = 256;

/** Events in a pipeline, and pipelines that are under way at once. */
const PIPELINE = 100;
const UNDER_WAY = 8;

/**
 * Redis with nothing between: the commands that the log's script gives, in plain pipelines of a hundred events.
 * They are not atomic, look nothing up and compare nothing.
 */
export async function openBareRedis({ url, newId }) {
  const redis = new Redis(url, { protocol: 2 });
  const lane = laneOf(newId, 'bare');
  /** Of the subjects that are open: the seqs of the first and the last event, and the rooms that show it. */
  const last = new Map();
  let seq = 0;

  function add(pipeline, { key, event }) {
    const { subject, rooms, left, open, body } = event;
    const at = `${++seq}`;
    const { first = at, prev = '', shown = [] } = last.get(subject) ?? {};
    const header = `1\t${open ? 1 : 0}\t${subject}\t${rooms.join('\n')}\t${left.join('\n')}`;
    pipeline.call('RPUSH', `bare:e:${Math.floor((seq - 1) / LIST)}`, `${prev}\t${header}\t${body}`);
    for (const name of [...rooms, ...left]) pipeline.call('ZADD', `bare:r:${name}`, at, at);
    pipeline.call('HSET', 'bare:rows', subject, `${at} ${first}`);
    const after = open ? rooms : [];
    for (const name of shown) if (!after.includes(name)) pipeline.call('ZREM', `bare:o:${name}`, subject);
    for (const name of after)
      if (!shown.includes(name)) pipeline.call('ZADD', `bare:o:${name}`, '0', subject);
    if (open) last.set(subject, { first, prev: at, shown: after });
    else last.delete(subject);
    pipeline.call('SET', `bare:k:${key}`, `${at} 1 the digest of what was published`, 'PX', '604800000');
  }

  async function send() {
    const pipeline = redis.pipeline();
    for (let n = 0; n < PIPELINE; n++) add(pipeline, lane.next().value);
    pipeline.call('HSET', 'bare:meta', 'seq', `${seq}`);
    pipeline.call('PUBLISH', 'bare:wake', `${seq}`);
    for (const [error] of await pipeline.exec()) if (error) throw error;
    return PIPELINE;
  }

  return {
    async append(count) {
      let left = count;
      let done = 0;
      const work = async () => {
        while (left > 0) {
          left -= PIPELINE;
          const written = await send();
          done += written;
        }
      };
      await Promise.all(Array.from({ length: UNDER_WAY }, work));
      return done;
    },
    close: () => redis.quit(),
  };
}
