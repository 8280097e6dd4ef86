import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRedisLog } from '../../packages/log/src/index.ts';
import { freePort } from '../../scripts/lib/ports.mjs';
import { needRedis } from '../../scripts/stack/redis.mjs';
import { openProxy } from '../faults/proxy.mjs';
import { openRedisServer } from './redis-server.mjs';

/**
 * A Redis with a replica. Each server finds the master, whoever it is, at an address of its own that does not change:
 * as a provider's endpoint, or a name that Sentinel keeps.
 */
export async function openRedis({ at, nodes }) {
  await needRedis();
  const server = async (name) => {
    const folder = at(name);
    mkdirSync(folder, { recursive: true });
    return openRedisServer({ port: await freePort(), folder, log: at(`${name}.txt`) });
  };
  let master = await server('redis-1');
  let replica = await server('redis-2');
  await master.start();
  await replica.start(master);
  await replica.whole();
  const lines = [];
  for (let i = 0; i < nodes; i++) lines.push(await openProxy(master.port));

  let turn = Promise.resolve();
  /** Two faults of it would undo each other: the second waits. */
  function next(work) {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }

  return {
    lines,
    env: (i) => ({ REDIS_URL: `redis://127.0.0.1:${lines[i].port}` }),
    plays: {
      'redis-hang-up': ({ whom }) => next(() => master.ask('CLIENT', 'KILL', 'TYPE', whom)),
      'redis-freeze': ({ lasts }) =>
        next(async () => {
          master.signal('SIGSTOP');
          await sleep(lasts);
          master.signal('SIGCONT');
        }),
      /** Killed outright, and started again on what it has written. */
      'redis-restart': ({ lasts }) =>
        next(async () => {
          await master.kill();
          await sleep(lasts);
          await master.start();
          await replica.whole();
        }),
      failover: (fault) => next(() => failover(fault)),
    },
    /** No fault of it is under way. */
    settled: () => turn,
    open: () => openRedisLog({ url: `redis://127.0.0.1:${master.port}` }),
    async drop() {
      for (const line of lines) line.close();
      await Promise.all([master.end(), replica.end()]);
    },
  };

  /**
   * The replica becomes the master, as far as it has come; the old one is killed or frozen, or goes on as a master
   * until it is told. Then it is the new one's replica.
   */
  async function failover({ how, behind, split, lasts }) {
    const [old, promoted] = [master, replica];
    const goOn = promoted.fallBehind();
    await sleep(behind);
    if (how === 'killed') await old.kill();
    if (how === 'frozen') old.signal('SIGSTOP');
    await promoted.ask('REPLICAOF', 'NO', 'ONE');
    goOn();
    if (how === 'demoted') await sleep(split);
    for (const line of lines) line.lead(promoted.port);
    [master, replica] = [promoted, old];
    await sleep(lasts);
    if (how === 'killed') await old.start(promoted);
    if (how === 'frozen') old.signal('SIGCONT');
    if (how !== 'killed') await old.follow(promoted);
    await old.whole();
  }
}
