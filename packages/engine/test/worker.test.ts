import { RealtimeError } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { BpmnError, Hopeless } from '../src/index.ts';
import { reply } from './support/rest.ts';
import { startTopic, startWork } from './support/tasks.ts';

const nothing = async () => undefined;

describe('A worker', () => {
  test('completes a task once its handler is done, with the variables that it answers', async () => {
    const topic = await startTopic();
    const work = Promise.withResolvers<{ done: boolean }>();
    const worker = startWork(topic, () => work.promise);
    topic.add('t1');
    await expect.poll(() => topic.fetches.length).toBe(2);
    expect(topic.reported).toEqual([]);
    work.resolve({ done: true });
    await expect
      .poll(() => topic.of('complete'))
      .toEqual([
        { id: 't1', verb: 'complete', body: { workerId: worker.id, variables: { done: { value: true } } } },
      ]);
  });

  test('asks for what it may take, of its topics, under a name of its own', async () => {
    const topic = await startTopic();
    const [one, other] = [startWork(topic, nothing, { atOnce: 3 }), startWork(topic, nothing)];
    await expect.poll(() => topic.open()).toBe(2);
    expect(one.id).not.toBe(other.id);
    expect(topic.fetches.find(({ workerId }) => workerId === one.id)).toEqual({
      workerId: one.id,
      maxTasks: 3,
      asyncResponseTimeout: 10_000,
      topics: [{ topicName: 'work', variables: ['a'], lockDuration: 30_000, deserializeValues: false }],
    });
  });

  test('fetches no more than it can take at once', async () => {
    const topic = await startTopic();
    const ends: (() => void)[] = [];
    startWork(topic, () => new Promise((resolve) => ends.push(() => resolve(undefined))), { atOnce: 2 });
    for (let i = 1; i <= 5; i++) topic.add(`t${i}`);
    await expect.poll(() => ends.length).toBe(2);
    // Nobody asks while there is no room.
    expect(topic.open()).toBe(0);
    ends[0]!();
    await expect.poll(() => ends.length).toBe(3);
    expect(topic.fetches.at(-1)).toMatchObject({ maxTasks: 1 });
    for (let done = 1; done < 5; done++) {
      ends[done]!();
      await expect.poll(() => topic.of('complete').length).toBe(done + 1);
      await expect.poll(() => ends.length).toBe(Math.min(5, done + 3 - (done > 2 ? 1 : 0)));
    }
    expect(new Set(topic.of('complete').map(({ id }) => id)).size).toBe(5);
  });

  test('asks again after failures, ever later, and goes on when the engine is back', async () => {
    const topic = await startTopic();
    topic.isDown = 502;
    const worker = startWork(topic, nothing);
    await expect.poll(() => topic.fetches.length).toBeGreaterThan(3);
    topic.isDown = undefined;
    topic.add('t1');
    await expect.poll(() => topic.of('complete')).toHaveLength(1);
    // One trouble is told once.
    expect(worker.troubles).toHaveLength(1);
  });

  test('does not take a page for an answer', async () => {
    const topic = await startTopic();
    topic.isDown = 200;
    const worker = startWork(topic, nothing);
    await expect.poll(() => topic.fetches.length).toBeGreaterThan(1);
    expect(worker.troubles).toMatchObject([{ code: 'in_doubt' }]);
  });
});

describe('A handler that throws', () => {
  test.each([
    [null, 2],
    [2, 1],
    [1, 0],
    [0, 0],
  ])('costs a task a try: of %s are left %s', async (retries, left) => {
    const topic = await startTopic();
    startWork(topic, async () => {
      throw new Error('It is broken.');
    });
    topic.add('t1', { retries });
    await expect.poll(() => topic.of('failure')).toHaveLength(1);
    const { body } = topic.of('failure')[0]!;
    expect(body).toMatchObject({ errorMessage: 'It is broken.', retries: left });
    expect(body.errorDetails).toContain('worker.test.ts');
    expect(body.retryTimeout).toBeGreaterThan(0);
  });

  test('waits longer after each failure', async () => {
    const topic = await startTopic();
    startWork(topic, async () => {
      throw new Error('It is broken.');
    });
    for (const retries of [null, 2, 1]) topic.add(`t${retries}`, { retries });
    await expect.poll(() => topic.of('failure')).toHaveLength(3);
    const waits = topic.of('failure').map(({ body }) => body.retryTimeout as number);
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
  });

  test('for a reason that passes costs no try', async () => {
    const topic = await startTopic();
    startWork(topic, async () => {
      throw new RealtimeError('storage_unavailable');
    });
    topic.add('t1', { retries: 1 });
    await expect.poll(() => topic.of('failure')).toMatchObject([{ body: { retries: 1 } }]);
  });

  test('what no try can mend makes an incident at once', async () => {
    const topic = await startTopic();
    startWork(topic, async () => {
      throw new Hopeless('The variable is wrong.');
    });
    topic.add('t1');
    await expect
      .poll(() => topic.of('failure'))
      .toMatchObject([{ body: { errorMessage: 'The variable is wrong.', retries: 0 } }]);
  });

  test('a BPMN error throws it in the process', async () => {
    const topic = await startTopic();
    startWork(topic, async () => {
      throw new BpmnError('rejected', 'Not good enough.');
    });
    topic.add('t1');
    await expect
      .poll(() => topic.of('bpmnError'))
      .toMatchObject([{ id: 't1', body: { errorCode: 'rejected', errorMessage: 'Not good enough.' } }]);
    expect(topic.of('failure')).toEqual([]);
  });
});

describe('The lock on a task', () => {
  test('is extended while the handler runs, and no longer', async () => {
    const topic = await startTopic();
    const work = Promise.withResolvers<undefined>();
    const worker = startWork(topic, () => work.promise, { lockDuration: 60 });
    topic.add('t1');
    await expect.poll(() => topic.of('extendLock').length).toBeGreaterThan(3);
    expect(topic.of('extendLock')[0]!.body).toEqual({ workerId: worker.id, newDuration: 60 });
    work.resolve(undefined);
    await expect.poll(() => topic.of('complete')).toHaveLength(1);
    const extended = topic.of('extendLock').length;
    topic.add('t2');
    await expect.poll(() => topic.of('complete')).toHaveLength(2);
    expect(topic.of('extendLock').length - extended).toBeLessThanOrEqual(1);
  });

  test('that is lost ends the work, and nothing is reported of it', async () => {
    const topic = await startTopic();
    const lost = Promise.withResolvers<void>();
    const worker = startWork(
      topic,
      (_task, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            lost.resolve();
            resolve(undefined);
          });
        }),
      { lockDuration: 60 },
    );
    topic.next(
      'extendLock',
      reply(400, JSON.stringify({ type: 'RestException', message: 'It is locked by worker w2.' })),
    );
    topic.add('t1');
    await lost.promise;
    await expect.poll(() => worker.troubles).toMatchObject([{ message: 'The lock is lost.' }]);
    expect(topic.of('complete')).toEqual([]);
  });

  test('is kept while the engine can not be told', async () => {
    const topic = await startTopic();
    startWork(topic, nothing);
    topic.next('complete', reply(503));
    topic.next('complete', undefined);
    // The try before was done, and its answer lost.
    topic.next(
      'complete',
      reply(
        404,
        JSON.stringify({ type: 'RestException', message: 'External task with id t1 does not exist' }),
      ),
    );
    topic.add('t1');
    await expect.poll(() => topic.of('complete')).toHaveLength(3);
    topic.add('t2');
    await expect.poll(() => topic.of('complete')).toHaveLength(4);
  });
});

describe('A worker that is closed', () => {
  test('ends its question at once', async () => {
    const topic = await startTopic();
    const worker = startWork(topic, nothing);
    await expect.poll(() => topic.open()).toBe(1);
    await worker.close();
    await expect.poll(() => topic.open()).toBe(0);
    expect(worker.troubles).toEqual([]);
  });

  test('begins with nothing that comes after', async () => {
    const topic = await startTopic();
    let handled = 0;
    const worker = startWork(topic, async () => void handled++ as undefined);
    await expect.poll(() => topic.open()).toBe(1);
    topic.add('t1');
    const closed = worker.close();
    await closed;
    const before = handled;
    topic.add('t2');
    expect(handled).toBe(before);
    // Whatever came with the last answer was begun before, or is given back.
    expect(topic.of('complete').length + topic.of('unlock').length).toBeLessThanOrEqual(1);
  });

  test('waits for what is under way, and tells the engine', async () => {
    const topic = await startTopic();
    const work = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<void>();
    const worker = startWork(topic, () => {
      begun.resolve();
      return work.promise;
    });
    topic.add('t1');
    await begun.promise;
    const closed = worker.close();
    work.resolve(undefined);
    await closed;
    expect(topic.of('complete')).toHaveLength(1);
  });

  test('waits no longer than it is told to', async () => {
    const topic = await startTopic();
    const begun = Promise.withResolvers<void>();
    const worker = startWork(topic, () => {
      begun.resolve();
      return new Promise(() => {});
    });
    topic.add('t1');
    await begun.promise;
    await worker.close(10);
    expect(topic.of('complete')).toEqual([]);
  });
});
