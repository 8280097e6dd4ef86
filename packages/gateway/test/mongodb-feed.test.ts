import type { ChangeStream } from 'mongodb';
import { expect, test } from 'vitest';
import { type Batch, batchesOf } from '../src/capture/mongodb/feed.ts';
import { until } from './support/gateway.ts';

/** A stream that answers what it is told to; `token` is its own, which is ahead of whoever was not answered yet. */
function createStream() {
  const answers: { number: number | null; token: string }[] = [];
  const stream = {
    closed: false,
    resumeToken: 'none',
    asked: 0,
    failure: undefined as Error | undefined,
    async tryNext() {
      stream.asked++;
      while (answers.length === 0) {
        if (stream.failure) throw stream.failure;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      const { number, token } = answers.shift()!;
      stream.resumeToken = token;
      // As the driver: the token is the change's before whoever has asked has it.
      for (let i = 0; i < 5; i++) await undefined;
      return number === null ? null : { _id: token, number };
    },
    async close() {
      stream.closed = true;
    },
  };
  return {
    stream,
    batches: (most: number) => batchesOf(stream as unknown as ChangeStream, null, most),
    say: (...all: (number | null)[]) =>
      answers.push(...all.map((number) => ({ number, token: number === null ? 'idle' : `after ${number}` }))),
  };
}

/** The next batch, in short. */
async function next(batches: ReturnType<typeof batchesOf>) {
  const { changes, token, isLast }: Batch = (await batches.next()).value!;
  return [changes.map((change) => (change as unknown as { number: number }).number), token, isLast];
}

test('what came while the batch before was dealt with is one batch, and no more than was asked for', async () => {
  const { stream, batches, say } = createStream();
  const all = batches(3);
  say(1);
  expect(await next(all)).toEqual([[1], 'after 1', false]);
  say(2, 3, 4, 5);
  await until(() => stream.asked).toBe(4);
  expect(await next(all)).toEqual([[2, 3, 4], 'after 4', false]);
  expect(await next(all)).toEqual([[5], 'after 5', false]);
});

test('a place without a change counts once all changes before it are dealt with', async () => {
  const { stream, batches, say } = createStream();
  const all = batches(10);
  say(null);
  expect(await next(all)).toEqual([[], 'idle', true]);
  say(1, null, null, 2);
  await until(() => stream.asked).toBe(6);
  expect(await next(all)).toEqual([[1, 2], 'after 2', false]);
  say(3, null);
  await until(() => stream.asked).toBe(8);
  expect(await next(all)).toEqual([[3], 'idle', true]);
});

test('nobody reads further ahead than a batch', async () => {
  const { stream, batches, say } = createStream();
  const all = batches(2);
  say(1, 2, 3, 4, 5);
  expect(await next(all)).toEqual([[1], 'after 1', false]);
  await until(() => stream.asked).toBe(3);
  await new Promise((resolve) => setImmediate(resolve));
  expect(stream.asked).toBe(3);
  expect(await next(all)).toEqual([[2, 3], 'after 3', false]);
});

test('a stream that fails, or is closed, is told after what it has brought', async () => {
  const { stream, batches, say } = createStream();
  const all = batches(10);
  say(1);
  stream.failure = new Error('cut');
  expect(await next(all)).toEqual([[1], 'after 1', false]);
  await expect(all.next()).rejects.toThrow('cut');

  const other = createStream();
  other.say(null);
  other.stream.closed = true;
  await expect(other.batches(10).next()).rejects.toThrow('the stream was closed');
});
