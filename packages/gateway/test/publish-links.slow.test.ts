import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Log, openRedisLog, openSqliteLog } from '@netbuild/realtime-log';
import type { TaskData } from '@netbuild/realtime-protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startRedis, whyNoRedis } from '../../log/test/redis-server.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { LATE_LINK } from './support/late-link.ts';
import { DOMAIN, events, fact } from './support/log.ts';

const TASKS = 10_000;

/** A place for a log that outlives a process, and the way to open it. */
type Place = () => Promise<{ where: string; openIt: () => Promise<Log> }>;

const PLACES: [name: string, place: Place][] = [
  [
    'SQLite',
    async () => {
      const where = await mkdtemp(join(tmpdir(), 'links-test-'));
      onTestFinished(() => rm(where, { recursive: true }));
      return { where, openIt: () => openSqliteLog({ directory: where }) };
    },
  ],
];
if (whyNoRedis() === undefined)
  PLACES.push([
    'Redis',
    async () => {
      const redis = await startRedis();
      onTestFinished(() => redis[Symbol.asyncDispose]());
      return { where: redis.url, openIt: () => openRedisLog({ url: redis.url }) };
    },
  ]);

/** Lets another process publish the link, and kills it outright when about so many tasks have followed. */
async function killHalfWay(where: string, followed: number): Promise<void> {
  const script = fileURLToPath(new URL('./support/linking-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, DOMAIN, where, `${followed + 1000}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (Number(text.trim().split('\n').at(-1)) >= followed) child.kill('SIGKILL');
  });
  expect(await ended).toEqual([null, 'SIGKILL']);
}

describe.each(PLACES)('On the log in %s', (_name, place) => {
  test(`a link that ${TASKS} open tasks follow, killed half-way, takes the rest along when it comes again`, {
    timeout: 120_000,
  }, async () => {
    const { where, openIt } = await place();
    const root = { processInstanceId: 'p1', processDefinitionKey: 'order' };
    const begin = await openIt();
    const publish = createPublish(begin);
    await publish(DOMAIN, [fact('process:started', root)]);
    for (let n = 0; n < TASKS; n += 2000) {
      const some = Array.from({ length: 2000 }, (_, k) =>
        fact('task:created', { taskId: `t${n + k}`, ...root }),
      );
      await publish(DOMAIN, some);
    }
    await begin.close();

    for (const part of [2000, 2000]) await killHalfWay(where, part);

    const log = await openIt();
    onTestFinished(() => log.close());
    const updates = async () => (await events(log)).filter(({ type }) => type === 'task:updated');
    const half = (await updates()).length;
    expect(half).toBeGreaterThanOrEqual(4000);
    expect(half).toBeLessThan(TASKS);

    const { results } = await createPublish(log)(DOMAIN, [LATE_LINK]);
    expect(results).toMatchObject([{ status: 'known' }]);
    const all = await updates();
    expect(all).toHaveLength(TASKS);
    expect(new Set(all.map(({ subject }) => subject)).size).toBe(TASKS);
    expect(all.every(({ id, subject }) => id === `test/L/${subject}#1`)).toBe(true);
    const { rows } = await log.snapshot(DOMAIN, { rooms: ['execution:e1'], limit: TASKS + 10 });
    const tasks = rows.filter(({ subject }) => subject.startsWith('task/'));
    expect(tasks).toHaveLength(TASKS);
    for (const { rooms, body } of tasks) {
      expect(rooms).toEqual(['process:p1', 'execution:e1', 'definition:order']);
      expect((JSON.parse(body) as { data: TaskData }).data.executionId).toBe('e1');
    }
  });
});
