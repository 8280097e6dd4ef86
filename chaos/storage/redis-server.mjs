import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Problem } from '../../scripts/lib/problem.mjs';
import { startRedis } from '../../scripts/stack/redis.mjs';
import { openProxy } from '../faults/proxy.mjs';

/** Written to the disk before it is acknowledged; the disk itself is told each second. */
const SETTINGS = [
  ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--auto-aof-rewrite-percentage', '0'],
  ...['--repl-diskless-sync-delay', '0', '--repl-backlog-size', '64mb'],
];

/** How long a replica may take to have everything, in milliseconds. */
const PATIENCE = 120_000;

/** One Redis, master or replica, that keeps its port and its data whatever happens to it. */
export async function openRedisServer({ port, folder, log }) {
  /** What comes from its master, so that it can fall behind. */
  const line = await openProxy(0);
  const asking = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => 50, protocol: 2 });
  asking.on('error', () => {});
  let process;

  const follow = (master) => {
    line.lead(master.port);
    return ['127.0.0.1', String(line.port)];
  };
  const info = async (section) => {
    const text = await asking.info(section);
    return (name) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1];
  };
  return {
    port,
    ask: (...words) => asking.call(...words),
    /** @param [master] whose replica it is; without one it is a master */
    async start(master) {
      const settings = master ? [...SETTINGS, '--replicaof', ...follow(master)] : SETTINGS;
      process = await startRedis({ port, folder, log, settings });
      if (asking.status === 'wait') await asking.connect();
    },
    async follow(master) {
      await asking.call('REPLICAOF', ...follow(master));
    },
    /** Hears nothing of its master until the returned function is called. */
    fallBehind: () => line.stall(),
    /** Waits until it has all that its master had, and has it on its disk. */
    async whole() {
      for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(20)) {
        const state = await Promise.all([info('replication'), info('persistence')]).catch(() => undefined);
        if (!state) continue;
        const [replication, persistence] = state;
        const isThere =
          replication('master_link_status') === 'up' && replication('master_sync_in_progress') === '0';
        const isKept =
          persistence('aof_rewrite_in_progress') === '0' && persistence('aof_rewrite_scheduled') === '0';
        if (isThere && isKept) return;
      }
      throw new Problem(`A replica was not whole after ${PATIENCE / 1000} s.`, { tail: process.tail.text });
    },
    signal: (signal) => process.kill(signal),
    async kill() {
      process.kill('SIGKILL');
      await process.exited;
    },
    async end() {
      asking.disconnect();
      line.close();
      process.kill('SIGKILL');
      await process.exited;
    },
  };
}
