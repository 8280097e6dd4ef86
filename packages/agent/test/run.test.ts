import type { ErrorCode } from '@netbuild/realtime-protocol';
import { PublishError } from '@netbuild/realtime-publisher';
import { expect, onTestFinished, test } from 'vitest';
import { startRun } from '../src/run.ts';

interface Told {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: facts of every shape.
  data: any;
}

const TIMING = { ttl: 3000, stepEvery: 10, stepSize: 2048, endWithin: 5000 };

/** A run whose gateway takes what `answer` does not refuse. */
function begin(
  answer: (told: Told) => ErrorCode | Promise<ErrorCode | undefined> | undefined = () => undefined,
  timing = {},
) {
  const told: Told[] = [];
  const send = async (type: string, data: object) => {
    const code = await answer({ type, data });
    if (code !== undefined) throw new PublishError({ code, message: code, retryable: false });
    told.push({ type, data });
    return { id: '1', status: 'new' as const, epoch: 'e', seq: 1 };
  };
  const troubles: unknown[] = [];
  const run = startRun(
    { agent: 'summarise', taskId: 't1', where: { externalTaskId: 't1' } },
    { send: send as never },
    { ...TIMING, ...timing },
    (error) => troubles.push(error),
  );
  onTestFinished(() => run.fail({ reason: 'cancelled' }));
  const of = (type: string) => told.filter((one) => one.type === type).map(({ data }) => data);
  return { run, told, of, troubles };
}

const until = (look: () => unknown) => expect.poll(look, { timeout: 10_000, interval: 5 });

test('A run is the first of its task that nobody else has, and names the one before', async () => {
  const { run, of } = begin(({ data }) => (/\.[12]$/.test(data.agentId) ? 'agent_ended' : undefined));
  await run.complete({ a: 1 });
  expect(of('agent:thinking')).toMatchObject([{ agentId: 't1.3', follows: 't1.2', agent: 'summarise' }]);
  expect(of('agent:completed')).toMatchObject([{ agentId: 't1.3', result: { a: 1 } }]);
});

test('A long answer goes on in another message, and its end is told with its last step, in one', async () => {
  const { run, of, told } = begin();
  const word = 'and on it goes ';
  const text = word.repeat(3000);
  for (let i = 0; i < 3000; i++) await run.say(word);
  await run.complete({});
  const texts = new Map<string, string>();
  for (const { messageId, offset, text: more } of [
    ...of('message:appended'),
    of('agent:completed')[0].said,
  ]) {
    const before = texts.get(messageId) ?? '';
    expect(offset).toBe(before.length);
    texts.set(messageId, before + more);
  }
  expect([...texts.keys()]).toEqual(['t1.1-1', 't1.1-2', 't1.1-3']);
  expect([...texts.values()].join('')).toBe(text);
  expect(told.at(-1)!.type).toBe('agent:completed');
});

test('A message that was deleted is spoken into no more, and the end is told all the same', async () => {
  let refusals = 0;
  const { run, of } = begin(({ type, data }) => {
    if (data.said === undefined && !(type === 'message:appended' && data.offset > 0)) return undefined;
    refusals++;
    return 'message_closed';
  });
  await run.say('Hello');
  await until(() => of('message:appended')).toHaveLength(1);
  await run.say(' again');
  await until(() => refusals).toBe(1);
  await run.say(' and again');
  run.usage({ words: 2 });
  run.usage({ words: 1 });
  await run.complete({ a: 1 });
  expect(of('agent:completed')).toMatchObject([{ result: { a: 1 }, usage: { words: 3 } }]);
  expect(refusals).toBe(1);
});

test('What is said before there is a chat is kept until there is one', async () => {
  let tries = 0;
  const { run, of } = begin(({ type }) =>
    type === 'message:appended' && ++tries < 3 ? 'no_chat' : undefined,
  );
  await run.say('Hello');
  await until(() => of('message:appended')).toMatchObject([{ offset: 0, text: 'Hello' }]);
});

test('A stop is heard by any refusal, and what was said until then is told with the end', async () => {
  let isStopped = false;
  const { run, of } = begin(({ type }) =>
    isStopped && type !== 'agent:failed' ? 'agent_stopped' : undefined,
  );
  await run.say('So');
  await until(() => of('message:appended')).toHaveLength(1);
  isStopped = true;
  await run.say(' far');
  await until(() => run.signal.reason).toBe('stopped');
  await run.fail({ reason: 'stopped' });
  expect(of('agent:failed')).toMatchObject([{ reason: 'stopped', said: { offset: 2, text: ' far' } }]);
});

test('Of words that change quickly the last are told; a sign of life comes by itself', async () => {
  const { run, of } = begin(undefined, { ttl: 60 });
  await until(() => of('agent:thinking')).not.toHaveLength(0);
  for (let i = 0; i < 50; i++) run.status(`step ${i}`);
  await until(() => of('agent:thinking').at(-1).words).toBe('step 49');
  expect(of('agent:thinking').filter(({ words }) => words !== undefined && words !== 'step 49')).toEqual([]);
  await until(() => of('agent:thinking').length).toBeGreaterThan(3);
});

test('What it is doing before the gateway knows it is told as soon as it does', async () => {
  const { run, of } = begin(undefined, { ttl: 60_000 });
  run.status('reading');
  await until(() => of('agent:thinking').at(-1)?.words).toBe('reading');
});

test('A gateway that does not answer holds nothing up but who says too much', async () => {
  const answers = Promise.withResolvers<undefined>();
  const { run, of, troubles } = begin(() => answers.promise, { endWithin: 20 });
  await run.say('Hello');
  let isFull = false;
  const flood = run.say('x'.repeat(100_000)).then(() => {
    isFull = true;
  });
  await run.complete({ a: 1 });
  expect(isFull).toBe(false);
  answers.resolve(undefined);
  await until(() => of('agent:completed')).toMatchObject([{ result: { a: 1 } }]);
  await flood;
  expect(troubles).toEqual([]);
});

test('A result that is too large is the engine’s alone', async () => {
  const { run, of } = begin();
  await run.complete({ text: 'x'.repeat(9000) });
  expect(of('agent:completed')[0].result).toBeUndefined();
});
