import { createRequire } from 'node:module';
import { laneOf } from './load.mjs';

// The client that the log builds on.
const { Redis } = createRequire(new URL('../../packages/log/package.json', import.meta.url))('ioredis');

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
  const shown = new Map();
  const firsts = new Map();
  let seq = 0;

  function add(pipeline, { key, event }) {
    const { subject, rooms, left, open, body } = event;
    const at = `${++seq}`;
    const header = `${open ? 1 : 0}\t${subject}\t${rooms.join('\n')}\t${left.join('\n')}`;
    pipeline.call('XADD', 'bare:events', `${at}-0`, 'h', header, 'b', body);
    for (const name of [...rooms, ...left]) pipeline.call('ZADD', `bare:r:${name}`, at, at);
    const first = firsts.get(subject) ?? at;
    pipeline.call(
      'HSET',
      'bare:rows',
      subject,
      `${at}\t${first}\t${open ? 1 : 0}\t${rooms.join('\n')}\t${body}`,
    );
    const before = shown.get(subject) ?? [];
    const after = open ? rooms : [];
    for (const name of before) if (!after.includes(name)) pipeline.call('ZREM', `bare:o:${name}`, subject);
    for (const name of after)
      if (!before.includes(name)) pipeline.call('ZADD', `bare:o:${name}`, '0', subject);
    if (open) {
      shown.set(subject, after);
      firsts.set(subject, first);
    } else {
      shown.delete(subject);
      firsts.delete(subject);
    }
    pipeline.call('SET', `bare:k:${key}`, `${at} 1 the digest of what was published`, 'EX', '604800');
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
