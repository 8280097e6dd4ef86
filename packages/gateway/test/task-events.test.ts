import { createEngineRest, createExternalTasks } from '@netbuild/realtime-engine';
import { LogError } from '@netbuild/realtime-log';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTopic, type Topic } from '../../engine/test/support/tasks.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { startTaskEvents } from '../src/ingest/task-events.ts';
import { ask, type Bench, execution, fact, heard, startBench } from './support/gateway.ts';
import { linesOf } from './support/lines.ts';
import { openLog } from './support/log.ts';
import { troubled } from './support/troubled.ts';

/** Works off the task events of an engine. */
function start(bench: Pick<Bench, 'publish'>, topic: Topic) {
  const { logger, lines } = linesOf();
  const tasks = createExternalTasks(createEngineRest({ url: topic.url }));
  const worker = startTaskEvents({
    engine: 'default',
    tasks,
    publish: bench.publish,
    domain: 'default',
    logger,
    worker: { pause: { first: 10, longest: 50 } },
  });
  onTestFinished(() => worker.close(0));
  return { ...worker, lines };
}

const announced = (event: string, taskData: object, more = {}) => ({
  topicName: '__task-event__',
  variables: { event: { value: event }, taskData: { type: 'Json', value: JSON.stringify(taskData) } },
  ...more,
});

const review = { id: 't9', name: 'Review', assignee: 'bob', created: '2026-01-01T12:00:00.000+0000' };

async function startWatched() {
  const bench = await startBench();
  const topic = await startTopic();
  await execution(bench, 'e1', ['alice']);
  await bench.publish('default', [
    fact('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'alice' }),
  ]);
  const alice = await bench.plain('alice');
  // What comes before the answer is not hers yet.
  expect(await ask(alice, 'join-process', 'p1')).toMatchObject({ success: true });
  return { bench, topic, alice };
}

describe('A task event from a diagram', () => {
  test('is heard in the room of its process, as screens read it, and then completed', async () => {
    const { bench, topic, alice } = await startWatched();
    const created = heard(alice, 'task:created');
    topic.add('x1', announced('created', review));
    start(bench, topic);
    const [data, meta] = await created;
    expect(data).toMatchObject({
      taskId: 't9',
      taskName: 'Review',
      assignee: 'bob',
      created: '2026-01-01T12:00:00.000Z',
      processInstanceId: 'p1',
      origin: 'task-event',
    });
    expect(meta).toMatchObject({ id: 'engine/default/task-event/x1#1', subject: 'task/t9' });
    await expect.poll(() => topic.of('complete')).toHaveLength(1);
  });

  test('of a name that tasks do not have is heard under that name', async () => {
    const { bench, topic, alice } = await startWatched();
    const escalated = heard(alice, 'task:escalated');
    topic.add('x1', announced('escalated', review));
    start(bench, topic);
    expect((await escalated)[0]).toMatchObject({ taskId: 't9', assignee: 'bob', processInstanceId: 'p1' });
  });

  test('that comes twice is in the log once, and completed again', async () => {
    const { bench, topic } = await startWatched();
    start(bench, topic);
    topic.add('x1', announced('escalated', review));
    await expect.poll(() => topic.of('complete')).toHaveLength(1);
    const { seq } = await bench.log.head('default');
    topic.add('x1', announced('escalated', review));
    await expect.poll(() => topic.of('complete')).toHaveLength(2);
    expect((await bench.log.head('default')).seq).toBe(seq);
  });

  test('with wrong variables makes an incident that says what is wrong', async () => {
    const { bench, topic } = await startWatched();
    const { lines } = start(bench, topic);
    topic.add('x1', announced('created', { name: 'Review' }));
    await expect.poll(() => topic.of('failure')).toHaveLength(1);
    const { errorMessage, retries } = topic.of('failure')[0]!.body;
    expect(errorMessage).toBe(
      'A task event needs taskData.id: a text of 1 to 255 characters; it is not there.',
    );
    expect(retries).toBe(0);
    expect(lines()).toMatchObject([{ externalTask: 'x1', processInstanceId: 'p1' }]);
  });

  test('goes to the domain of its tenant', async () => {
    const { bench, topic } = await startWatched();
    start(bench, topic);
    topic.add('x1', announced('created', review, { tenantId: 'acme' }));
    await expect.poll(() => topic.of('complete')).toHaveLength(1);
    expect(await bench.log.rows('acme', ['task/t9'])).toHaveLength(1);
    expect(await bench.log.rows('default', ['task/t9'])).toHaveLength(0);
  });

  test('waits for a log that can not be written, and costs no try', async () => {
    const topic = await startTopic();
    const log = await openLog();
    let isFull = true;
    const full = troubled(log, {
      append: (pass) => async (domain, groups) => {
        if (isFull) throw new LogError('failed', 'no space left');
        return pass(domain, groups);
      },
    });
    start({ publish: createPublish(full) }, topic);
    topic.add('x1', announced('created', review));
    await expect.poll(() => topic.of('failure')).toMatchObject([{ body: { retries: 3 } }]);
    isFull = false;
    topic.add('x1', announced('created', review, { retries: 3 }));
    await expect.poll(() => topic.of('complete')).toHaveLength(1);
  });
});
