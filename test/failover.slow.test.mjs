import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRedisLog } from '@netbuild/realtime-log';
import { describe, expect, onTestFinished, test } from 'vitest';
import { whyNoRedis } from '../packages/log/test/redis-server.ts';
import { engineRest } from '../scripts/stack/engine.mjs';
import { startStack } from '../scripts/stack/stack.mjs';
import { startStorage } from './support/failing-storage.mjs';

const EXECUTION = 'failover';

describe.skipIf(whyNoRedis())('When Redis fails over to a replica that lags behind', () => {
  test('what the engine had brought comes again, in order and once, and until then snapshots say so', {
    timeout: 240_000,
  }, async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'failover-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const storage = await startStorage();
    const stack = await startStack({ dir, gatewayEnv: { REDIS_URL: storage.url } });
    onTestFinished(() => stack.stop());
    const log = await openRedisLog({ url: storage.url });
    onTestFinished(() => log.close());
    const rest = engineRest(stack.engine.url, stack.account);

    /** Starts instances, and gives the task of each to alice. */
    const begin = (count) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const { id } = await rest('POST', '/process-definition/key/quick-check/start', {
            businessKey: EXECUTION,
          });
          const [task] = await rest('GET', `/task?processInstanceId=${id}`);
          await rest('POST', `/task/${task.id}/claim`, { userId: 'alice' });
          return id;
        }),
      );
    const login = await fetch(`${stack.gateway.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'alice', password: stack.secrets.demoPassword }),
    });
    const { token } = await login.json();
    /** What alice has, as a snapshot tells it; nothing while there is no answer. */
    const state = async () => {
      const answer = await fetch(`${stack.gateway.url}/v1/state?room=user:alice`, {
        headers: { authorization: `Bearer ${token}` },
      });
      if (!answer.ok) return undefined;
      const { epoch, rows, rebuilding = false } = await answer.json();
      const instances = rows
        .filter(({ type }) => type.startsWith('task:'))
        .map(({ data }) => data.processInstanceId);
      return { epoch, rebuilding, instances: instances.sort() };
    };
    const until = (expected) => expect.poll(state, { timeout: 60_000, interval: 50 }).toMatchObject(expected);

    const kept = await begin(3);
    await until({ instances: kept.toSorted(), rebuilding: false });
    const { epoch } = await state();
    // The relay has said that it keeps.
    await expect.poll(() => log.rows('default', ['source/engines']), { timeout: 30_000 }).toHaveLength(1);
    await storage.replicated();

    storage.hold();
    const lost = await begin(5);
    const all = [...kept, ...lost].sort();
    // At once: what was acknowledged is kept for some seconds, and not for as long as a busy machine may take.
    await expect.poll(async () => (await state())?.instances.length, { timeout: 60_000 }).toBeGreaterThan(3);
    stack.engine.kill('SIGSTOP');
    expect(await state()).toMatchObject({ epoch, rebuilding: false });
    await storage.failOver();
    await until({ instances: kept.toSorted(), rebuilding: true });
    expect((await state()).epoch).not.toBe(epoch);

    stack.engine.kill('SIGCONT');
    await until({ rebuilding: false });
    expect(await state()).toMatchObject({ instances: all });
    const more = await begin(1);
    await until({ instances: [...all, ...more].sort(), rebuilding: false });

    const { entries } = await log.read('default', { after: 0, limit: 10_000 });
    const events = entries.map(({ body }) => JSON.parse(body));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const id of [...all, ...more]) {
      const told = events.filter(
        ({ type, data }) => data.processInstanceId === id && !type.startsWith('activity:'),
      );
      expect(told.map(({ type }) => type)).toEqual(['process:started', 'task:created', 'task:assigned']);
    }
  });
});
