import { expect, onTestFinished } from 'vitest';
import { startProxy } from '../../packages/log/test/proxy.ts';
import { startRedis } from '../../packages/log/test/redis-server.ts';

/** A Redis with a replica, each behind a line of its own: the gateway's to the master, the replica's to the master. */
export async function startStorage() {
  const own = (resource) => {
    onTestFinished(() => resource[Symbol.asyncDispose]());
    return resource;
  };
  const master = own(await startRedis());
  const replication = own(await startProxy(master.port));
  const replica = own(await startRedis('--replicaof', '127.0.0.1', new URL(replication.url).port));
  const line = own(await startProxy(master.port));
  return {
    url: line.url,
    master,
    /** Waits until the replica has everything. */
    async replicated() {
      await master.admin.set('follow', 'me');
      expect(await master.admin.wait(1, 10_000)).toBe(1);
    },
    /** From now on the replica gets nothing, and the master does not know. */
    hold: () => replication.hold(),
    /** The master is gone, and the replica takes its place. */
    async failOver() {
      await master.kill();
      await replica.admin.replicaof('NO', 'ONE');
      line.lead(replica.port);
    },
  };
}
