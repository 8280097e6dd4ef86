import type { Log } from '@netbuild/realtime-log';
import type { Subject } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { createPublish } from '../src/ingest/publish.ts';
import { candidate, DOMAIN, events, fact, openLog, row } from './support/log.ts';

/** A fact is not folded more often; from then on nobody is in the way. */
const TOO_OFTEN = 50;

const people = async (log: Log, name: Subject) =>
  ((await row(log, name))?.data as { candidateUsers: string[] } | undefined)?.candidateUsers.toSorted();

/** A log on which somebody else gets ahead of the first appends. */
function overtaken(log: Log, times: number, overtake: (n: number) => Promise<unknown>): Log {
  let left = times;
  return new Proxy(log, {
    get(target, key) {
      if (key !== 'append') return (target[key as keyof Log] as (...args: unknown[]) => unknown).bind(target);
      return async (...args: Parameters<Log['append']>) => {
        if (left-- > 0) await overtake(left);
        return target.append(...args);
      };
    },
  });
}

test('two publishers at one task lose nothing, and its row is its last event', async () => {
  const log = await openLog();
  const publishers = [createPublish(log), createPublish(log)];
  const expected: string[] = [];
  await Promise.all(
    publishers.map(async (publish, p) => {
      for (let n = 0; n < 60; n++) {
        const batch = Array.from({ length: 3 }, (_, k) => `p${p}-${n}-${k}`);
        expected.push(...batch);
        const { results } = await publish(
          DOMAIN,
          batch.map((user) => candidate('t1', user)),
        );
        expect(results.map(({ status }) => status)).toEqual(['new', 'new', 'new']);
      }
    }),
  );
  expect(await people(log, 'task/t1')).toEqual(expected.sort());
  const all = await events(log);
  expect(all).toHaveLength(360);
  expect(await row(log, 'task/t1')).toEqual(all.at(-1));
});

test('two hundred who change one task in the same moment all get through', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  const users = Array.from({ length: 200 }, (_, n) => `user-${n}`);
  const answers = await Promise.all(users.map((user) => publish(DOMAIN, [candidate('t1', user)])));
  expect(answers.flatMap(({ results }) => results.map(({ status }) => status))).toEqual(
    users.map(() => 'new'),
  );
  expect(await people(log, 'task/t1')).toEqual(users.sort());
});

test('two who end the same task: one does, and for the other it is no news', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  await publish(DOMAIN, [fact('task:created', { taskId: 't1' })]);
  const ends = await Promise.all([
    publish(DOMAIN, [fact('task:completed', { taskId: 't1' })]),
    createPublish(log)(DOMAIN, [fact('task:cancelled', { taskId: 't1' })]),
  ]);
  const seqs = ends.flatMap(({ results }) =>
    results.flatMap((result) => (result.status === 'new' ? result.seqs : [])),
  );
  expect(seqs).toEqual([2]);
  expect(await events(log)).toHaveLength(2);
});

test('a fact that was overtaken is folded again on what is there now', async () => {
  const log = await openLog();
  const other = createPublish(log);
  const publish = createPublish(overtaken(log, 3, (n) => other(DOMAIN, [candidate('t1', `other-${n}`)])));
  await publish(DOMAIN, [candidate('t1', 'mine'), candidate('t2', 'mine'), candidate('t1', 'mine too')]);
  expect(await people(log, 'task/t1')).toEqual(['mine', 'mine too', 'other-0', 'other-1', 'other-2']);
  expect(await people(log, 'task/t2')).toEqual(['mine']);
});

test('a related row that has moved on counts as much: the link that came in between is taken over', async () => {
  const log = await openLog();
  const other = createPublish(log);
  const started = fact('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
  const publish = createPublish(overtaken(log, 1, () => other(DOMAIN, [started])));
  await publish(DOMAIN, [fact('task:created', { taskId: 't1', processInstanceId: 'p1' })]);
  expect((await row(log, 'task/t1'))?.data).toMatchObject({ executionId: 'e1' });
});

test('a refusal on a row that has moved on is none', async () => {
  const log = await openLog();
  const other = createPublish(log);
  const command = {
    userId: 'alice',
    type: 'task:claim',
    target: 'task/t1',
    digest: 'd',
    until: '2026-01-01T12:00:20.000Z',
  };
  await other(DOMAIN, [fact('command:accepted', { ...command, commandId: 'c1' })]);
  const done = fact('command:completed', { commandId: 'c1', userId: 'alice' });
  const publish = createPublish(overtaken(log, 1, () => other(DOMAIN, [done])));
  const { results } = await publish(DOMAIN, [fact('command:accepted', { ...command, commandId: 'c2' })]);
  expect(results).toEqual([{ status: 'new', seqs: [5, 6] }]);
});

describe('who is overtaken again and again', () => {
  test('is told so, may come again, and nothing that follows gets there first', async () => {
    const log = await openLog();
    const other = createPublish(log);
    const endless = overtaken(log, TOO_OFTEN, (n) => other(DOMAIN, [candidate('t1', `other-${n}`)]));
    const batch = [
      fact('task:created', { taskId: 't2', assignee: 'alice' }),
      fact('task:updated', { taskId: 't1', assignee: 'alice' }),
      fact('task:updated', { taskId: 't2', assignee: 'bob' }),
      fact('task:updated', { taskId: 't1', assignee: 'bob' }),
    ];
    const { results } = await createPublish(endless)(DOMAIN, batch);
    expect(results.map(({ status }) => status)).toEqual(['new', 'refused', 'new', 'refused']);
    for (const result of results) {
      if (result.status === 'refused')
        expect(result.error.toWire()).toMatchObject({ code: 'contended', retryable: true });
    }
    expect((await row(log, 'task/t1'))?.data).not.toHaveProperty('assignee');

    const again = await createPublish(log)(DOMAIN, batch);
    expect(again.results.map(({ status }) => status)).toEqual(['known', 'new', 'known', 'new']);
    expect((await row(log, 'task/t1'))?.data).toMatchObject({ assignee: 'bob' });
    expect((await row(log, 'task/t2'))?.data).toMatchObject({ assignee: 'bob' });
  });

  test('holds up the rest of a long batch as well, which comes with it again', async () => {
    const log = await openLog();
    const other = createPublish(log);
    const endless = overtaken(log, TOO_OFTEN, (n) => other(DOMAIN, [candidate('t1', `other-${n}`)]));
    // More than one write holds, so that the last facts have not been tried as often as the first.
    const many = Array.from({ length: 3000 }, (_, n) => fact('task:created', { taskId: `many-${n}` }));
    const batch = [
      fact('task:updated', { taskId: 't1', assignee: 'alice' }),
      ...many,
      fact('task:updated', { taskId: 't1', assignee: 'bob' }),
    ];
    const first = await createPublish(endless)(DOMAIN, batch);
    expect(first.results[0]!.status).toBe('refused');
    expect(first.results.at(-1)!.status).toBe('refused');
    await createPublish(log)(DOMAIN, batch);
    expect((await row(log, 'task/t1'))?.data).toMatchObject({ assignee: 'bob' });
    expect((await events(log)).filter(({ subject }) => subject?.startsWith('task/many'))).toHaveLength(3000);
  });
});

test('2,000 tasks of one command enter in one batch, and a second time as known', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  const tasks = Array.from({ length: 2000 }, (_, n) =>
    fact('task:created', { taskId: `t${n}`, processInstanceId: 'p1', candidates: { addGroups: ['devs'] } }),
  );
  const batch = [fact('process:started', { processInstanceId: 'p1', businessKey: 'e1' }), ...tasks];
  const { results, seq } = await publish(DOMAIN, batch);
  expect(results.every(({ status }) => status === 'new')).toBe(true);
  expect(seq).toBe(2002);
  const { rows } = await log.snapshot(DOMAIN, { rooms: ['execution:e1'], limit: 5000 });
  expect(rows).toHaveLength(2002);
  const again = await publish(DOMAIN, batch);
  expect(again.results.every(({ status }) => status === 'known')).toBe(true);
  expect(again.seq).toBe(2002);
});

test('a log that can not be written rejects the whole batch, which may come again', async () => {
  const { errorOf } = await import('../src/error.ts');
  const log = await openLog();
  const publish = createPublish(log);
  await log.close();
  for (const facts of [[], [candidate('t1', 'bob')], [fact('x:a', {}, { rooms: ['user:bob'] })]]) {
    const error = await publish(DOMAIN, facts).catch(errorOf);
    expect(error).toMatchObject({ code: 'storage_unavailable' });
  }
});
