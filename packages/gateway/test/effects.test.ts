import { expect, onTestFinished, test } from 'vitest';
import { createDelivery } from '../src/delivery/delivery.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { DOMAIN, fact, openLog } from './support/log.ts';

/** A channel, and a task that alice is about to get by her command `c1`. */
async function startWorld() {
  const log = await openLog();
  const publish = createPublish(log);
  const delivery = createDelivery(log, DOMAIN, { lookEvery: 20 });
  onTestFinished(() => delivery.close());
  const channel = await delivery.channel(DOMAIN);
  const report = (type: string, data: object) => publish(DOMAIN, [fact(type, data)]);
  const accept = (userId: string, taskId: string) =>
    report('command:accepted', {
      commandId: 'c1',
      userId,
      type: 'task:claim',
      target: `task/${taskId}`,
      digest: 'd',
      payload: {},
    });
  await report('task:created', { taskId: 't1' });
  await report('task:created', { taskId: 't2' });
  await accept('alice', 't1');
  return { channel, report, accept };
}

const own = { userId: 'alice', commandId: 'c1', target: 'task/t1' } as const;

test('two who look out for the effect of one command both see it, also when one of them has stopped', async () => {
  const { channel, report } = await startWorld();
  const effects = [1, 2, 3].map(() => channel.effectOf(own));
  effects[0]!.stop();
  const { results } = await report('task:updated', { taskId: 't1', assignee: 'alice' });
  const [seq] = (results[0] as { seqs: number[] }).seqs;
  expect(await effects[1]!.within(10_000)).toBe(seq);
  effects[1]!.stop();
  expect(await effects[2]!.within(10_000)).toBe(seq);
});

test('the effect of another person’s command with the same id is not taken for one’s own', async () => {
  const { channel, report, accept } = await startWorld();
  await accept('bob', 't2');
  const effect = channel.effectOf(own);
  await report('task:updated', { taskId: 't2', assignee: 'bob' });
  expect(await effect.within(100)).toBeUndefined();
  await report('task:updated', { taskId: 't1', assignee: 'alice' });
  expect(await effect.within(10_000)).toBeGreaterThan(0);
});

test('an effect that has come before it is waited for is there', async () => {
  const { channel, report } = await startWorld();
  const effect = channel.effectOf(own);
  await report('task:updated', { taskId: 't1', assignee: 'alice' });
  await expect.poll(() => effect.within(1)).toBeGreaterThan(0);
});
