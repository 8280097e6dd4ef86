import type { Log } from '@netbuild/realtime-log';
import type { TaskData } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { createPublish, type Publish } from '../src/ingest/publish.ts';
import { DOMAIN, events, fact, open, row } from './support/log.ts';
import { useLogs } from './support/logs.ts';
import { troubled } from './support/troubled.ts';

const LOGS = useLogs();

const root = { processInstanceId: 'p1', processDefinitionKey: 'order' };
const called = { processInstanceId: 'p2', rootProcessInstanceId: 'p1', processDefinitionKey: 'check' };

/** An instance without a business key, with something open of each kind, in it and in an instance that it called. */
const begun = [
  fact('process:started', { ...root, startedBy: 'alice' }),
  fact('activity:started', { activityInstanceId: 'a1', activityId: 'look', ...root }),
  fact('task:created', { taskId: 't1', candidates: { addGroups: ['devs'] }, ...root }),
  fact('process:error', { incidentId: 'i1', ...root }),
  fact('process:started', called),
  fact('activity:started', { activityInstanceId: 'a2', activityId: 'check', ...called }),
  fact('task:created', { taskId: 't2', assignee: 'bob', ...called }),
  fact('task:created', { taskId: 't3', ...root }),
  fact('task:completed', { taskId: 't3', ...root }),
];
const OPEN = [
  'activity/a1',
  'activity/a2',
  'incident/i1',
  'process/p1',
  'process/p2',
  'task/t1',
  'task/t2',
] as const;

const link = (businessKey: string, more: object = {}) =>
  fact('process:linked', { ...root, businessKey }, more);

const shown = (log: Log, execution: string) => open(log, `execution:${execution}`);

describe.each(LOGS)('On the log in %s', (_name, openIt) => {
  async function startWith(...batches: (typeof begun)[]): Promise<{ log: Log; publish: Publish }> {
    const log = await openIt();
    const publish = createPublish(log);
    for (const batch of batches) await publish(DOMAIN, batch);
    return { log, publish };
  }

  test('a link that comes late takes all that is open with it, each by an event of its own', async () => {
    const { log, publish } = await startWith(begun);
    const before = (await events(log)).length;
    const { seq, results } = await publish(DOMAIN, [link('e1', { id: 'L' })]);
    expect(results).toEqual([{ status: 'new', seqs: [before + 1, before + 2] }]);
    expect(await shown(log, 'e1')).toEqual([...OPEN.slice(0, 2), 'execution/e1', ...OPEN.slice(2)]);
    const after = (await events(log)).slice(before);
    expect(after.map(({ id, type }) => [id, type])).toEqual([
      ['test/L#1', 'execution:created'],
      ['test/L#2', 'process:linked'],
      ['test/L/activity/a1#1', 'activity:updated'],
      ['test/L/activity/a2#1', 'activity:updated'],
      ['test/L/incident/i1#1', 'process:error-updated'],
      ['test/L/process/p2#1', 'process:linked'],
      ['test/L/task/t1#1', 'task:updated'],
      ['test/L/task/t2#1', 'task:updated'],
    ]);
    expect(seq).toBe(before + 8);
    expect((await row(log, 'execution/e1'))?.data).toMatchObject({ participants: ['alice'] });
    const task = (await row(log, 'task/t2'))!;
    expect(task.data).toMatchObject({ assignee: 'bob', executionId: 'e1' });
    expect(task.rooms).toEqual(['process:p2', 'process:p1', 'execution:e1', 'definition:check', 'user:bob']);
    expect((await row(log, 'task/t3'))?.data).not.toHaveProperty('executionId');
  });

  test('a link that changes takes it out of the rooms that it had', async () => {
    const { log, publish } = await startWith(begun, [link('e1')]);
    await publish(DOMAIN, [link('e2')]);
    expect(await shown(log, 'e1')).toEqual(['execution/e1']);
    expect(await shown(log, 'e2')).toHaveLength(OPEN.length + 1);
    expect((await row(log, 'task/t1'))?.left).toEqual(['execution:e1']);
  });

  test('a key of an execution that the starter is not in links nothing, and takes the old link away', async () => {
    const { log, publish } = await startWith(begun, [link('e1')]);
    await publish(DOMAIN, [
      fact('execution:created', { executionId: 'bobs', title: 'Not for alice', participants: ['bob'] }),
      link('bobs'),
    ]);
    expect(await shown(log, 'bobs')).toEqual(['execution/bobs']);
    expect(await shown(log, 'e1')).toEqual(['execution/e1']);
    expect((await row(log, 'task/t1'))?.data).toMatchObject({ businessKey: 'bobs' });
  });

  test('the same link again changes nothing, under its own id or another', async () => {
    const { log, publish } = await startWith(begun, [link('e1', { id: 'L' })]);
    const all = await events(log);
    expect((await publish(DOMAIN, [link('e1', { id: 'L' })])).results).toMatchObject([{ status: 'known' }]);
    expect((await publish(DOMAIN, [link('e1')])).results).toEqual([{ status: 'new', seqs: [] }]);
    expect(await events(log)).toEqual(all);
  });

  test('what has ended is not linked any more', async () => {
    const { log, publish } = await startWith(begun, [fact('process:completed', root)]);
    expect((await publish(DOMAIN, [link('e1')])).results).toEqual([{ status: 'new', seqs: [] }]);
    expect(await shown(log, 'e1')).toEqual([]);
  });

  test('a start that comes after what happened in its instance is a late link, too', async () => {
    const [, ...rest] = begun;
    const { log, publish } = await startWith(rest);
    await publish(DOMAIN, [fact('process:started', { ...root, businessKey: 'e1' })]);
    expect(await shown(log, 'e1')).toEqual([...OPEN.slice(0, 2), 'execution/e1', ...OPEN.slice(2)]);
  });

  test('a start that is in time costs no event more', async () => {
    const { log, publish } = await startWith();
    await publish(DOMAIN, [
      fact('process:started', { ...root, businessKey: 'e1' }),
      fact('task:created', { taskId: 't1', ...root }),
    ]);
    expect((await events(log)).map(({ type }) => type)).toEqual([
      'execution:created',
      'process:started',
      'task:created',
    ]);
  });

  test('a link is not acknowledged before the last has followed, and the next time the rest does', async () => {
    const { log, publish } = await startWith(begun);
    let appends = 0;
    const failing = troubled(log, {
      append: (append) => (domain, groups) =>
        ++appends === 2 ? Promise.reject(new Error('away')) : append(domain, groups),
    });
    const late = link('e1', { id: 'L' });
    await expect(createPublish(failing)(DOMAIN, [late])).rejects.toThrow('away');
    expect((await row(log, 'task/t1'))?.data).not.toHaveProperty('executionId');
    const done = await events(log);
    const { results } = await publish(DOMAIN, [late]);
    expect(results).toMatchObject([{ status: 'known' }]);
    expect(await shown(log, 'e1')).toHaveLength(OPEN.length + 1);
    const ids = (await events(log)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await events(log)).slice(0, done.length)).toEqual(done);
  });

  test.each([1, 2, 3])(
    'tasks that come, change and go while links change end in the right rooms (%i)',
    async (seed) => {
      const random = randomOf(seed);
      const { log, publish } = await startWith(begun);
      const other = createPublish(log);
      const keys = ['e1', 'e2', 'e3'].slice(0, 1 + Math.floor(random() * 3));
      const work = Array.from({ length: 60 }, (_, n) => async () => {
        const where = random() < 0.5 ? root : called;
        const by = random() < 0.5 ? publish : other;
        await by(DOMAIN, [fact('task:created', { taskId: `n${n}`, ...where })]);
        if (random() < 0.5) await by(DOMAIN, [fact('task:assigned', { taskId: `n${n}`, assignee: 'bob' })]);
        if (random() < 0.3) await by(DOMAIN, [fact('task:completed', { taskId: `n${n}` })]);
      });
      const late = { ...called, processInstanceId: 'p3' };
      const links = async () => {
        for (const key of keys) await publish(DOMAIN, [link(key)]);
      };
      const calls = async () => {
        await other(DOMAIN, [fact('process:started', late)]);
        await other(DOMAIN, [fact('task:created', { taskId: 'late', ...late })]);
      };
      await Promise.all([...work.map((some) => some()), links(), calls()]);
      const linkedTo = keys.at(-1)!;
      const inProcess = await open(log, 'process:p1');
      expect(inProcess.length).toBeGreaterThan(OPEN.length);
      expect(await shown(log, linkedTo)).toEqual([...inProcess, `execution/${linkedTo}`].sort());
      for (const key of keys.slice(0, -1)) expect(await shown(log, key)).toEqual([`execution/${key}`]);
      for (const name of inProcess)
        expect(((await row(log, name as `task/${string}`))!.data as TaskData).executionId, name).toBe(
          linkedTo,
        );
    },
  );
});

/** Numbers that look like chance and are the same each time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
