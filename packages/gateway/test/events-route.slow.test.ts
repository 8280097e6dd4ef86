import type { Delivered, EventsAnswer } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { type Bench, execution, fact, message, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { openStream } from './support/stream.ts';
import { troubled } from './support/troubled.ts';

async function get(bench: Bench, query: string, token?: string) {
  const answer = await fetch(`${bench.url}/v1/events?${query}`, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: answer.status, body: (await answer.json()) as any };
}

const seqs = ({ events }: { events: Delivered[] }) => events.map(({ seq }) => seq);

async function benchWith(count: number, recentBytes?: number) {
  const bench = await startBench({}, recentBytes === undefined ? {} : { delivery: { recentBytes } });
  const token = await bench.token('alice');
  await execution(bench, 'e1', ['alice']);
  const { epoch } = await bench.log.head('default');
  await bench.publish(
    'default',
    Array.from({ length: count }, (_, i) => message('e1', `${i}`)),
  );
  return { bench, token, epoch };
}

describe('GET /v1/events', () => {
  test('answers what a room got since a position, with what left it', async () => {
    const { bench, token, epoch } = await benchWith(2);
    await bench.publish('default', [
      fact('task:created', { taskId: 't', assignee: 'alice' }),
      fact('task:assigned', { taskId: 't', assignee: 'bob' }),
    ]);
    const messages = await get(bench, `room=execution:e1&since=${epoch}:1`, token);
    expect(messages).toMatchObject({ status: 200, body: { epoch, seq: 5, recovered: true, more: false } });
    expect(seqs(messages.body)).toEqual([2, 3]);
    const tasks = await get(bench, `room=user:alice&since=${epoch}:3`, token);
    expect(tasks.body.events).toMatchObject([
      { seq: 4, type: 'task:created' },
      { seq: 5, subject: 'task/t', left: ['user:alice'] },
    ]);
    expect(tasks.body.events[1]).not.toHaveProperty('data');
  });

  test.each([
    ['from the log', 1],
    ['from recent events', 8 * 1024 * 1024],
  ])('gives it in pages, %s, and none is missing or twice', async (_where, recentBytes) => {
    const { bench, token, epoch } = await benchWith(0, recentBytes);
    // The domain is served from here on, so that what comes is recent.
    await get(bench, `room=execution:e1&since=${epoch}:1`, token);
    await bench.publish(
      'default',
      Array.from({ length: 1234 }, (_, i) => message('e1', `${i}`)),
    );
    const seen: number[] = [];
    let since = `${epoch}:1`;
    let page: EventsAnswer;
    do {
      page = (await get(bench, `room=execution:e1&since=${since}`, token)).body;
      expect(page.recovered).toBe(true);
      if (page.more) expect(page.seq).toBe(page.events.at(-1)!.seq);
      seen.push(...seqs(page));
      since = `${page.epoch}:${page.seq}`;
    } while (page.more);
    expect(seen).toEqual(Array.from({ length: 1234 }, (_, i) => i + 2));
  });

  test('ends a page of large events early, so that no answer is huge', async () => {
    const { bench, token, epoch } = await benchWith(0, 1);
    const total = 60;
    const content = 'x'.repeat(500_000);
    for (let i = 0; i < total; i++)
      await bench.publish('default', [fact('x:large', { content }, { rooms: ['user:alice'] })]);
    const seen: number[] = [];
    let since = `${epoch}:1`;
    for (let more = true; more; ) {
      const { body }: { body: EventsAnswer } = await get(bench, `room=user:alice&since=${since}`, token);
      expect(body.recovered).toBe(true);
      // Four MiB, and the first ones, which tell how large the others are.
      expect(body.events.length).toBeLessThanOrEqual(20);
      seen.push(...seqs(body));
      since = `${epoch}:${body.seq}`;
      more = body.more;
    }
    expect(seen).toEqual(Array.from({ length: total }, (_, i) => i + 2));
  });

  test('pages back before a position, to the beginning', async () => {
    const { bench, token, epoch } = await benchWith(1200);
    const pages: number[][] = [];
    for (let before: number | undefined = 1202; before !== undefined; ) {
      const { body }: { body: EventsAnswer } = await get(
        bench,
        `room=execution:e1&before=${epoch}:${before}`,
        token,
      );
      expect(body.recovered).toBe(true);
      pages.unshift(seqs(body));
      before = body.more ? body.events[0]!.seq : undefined;
    }
    expect(pages.length).toBe(3);
    expect(pages.flat()).toEqual(Array.from({ length: 1201 }, (_, i) => i + 1));
    expect((await get(bench, `room=execution:e1&before=${epoch}:0`, token)).body.events).toEqual([]);
  });

  test.each([
    ['since', 'of another life', 'someOtherEpoch:1'],
    ['since', 'from the future', 999],
    ['before', 'of another life', 'someOtherEpoch:1'],
    ['before', 'from the future', 999],
  ])(
    'with a `%s` %s says that it can not prove wholeness, and gives the last ones',
    async (name, _what, at) => {
      const { bench, token, epoch } = await benchWith(3);
      const position = typeof at === 'string' ? at : `${epoch}:${at}`;
      const { body } = await get(bench, `room=execution:e1&${name}=${position}`, token);
      expect(body).toMatchObject({ epoch, seq: 4, recovered: false, more: false });
      expect(seqs(body)).toEqual([1, 2, 3, 4]);
    },
  );

  test('without a position gives the last ones, and from where to go on', async () => {
    const { bench, token, epoch } = await benchWith(600);
    const { body } = await get(bench, 'room=execution:e1', token);
    expect(body).toMatchObject({ epoch, seq: 601, recovered: false });
    expect(seqs(body)).toEqual(Array.from({ length: 500 }, (_, i) => i + 102));
  });

  test.each<[string, string, number, string, string | undefined]>([
    ['no room', '', 400, 'invalid', 'room'],
    ['what is no room', 'room=nonsense', 400, 'invalid_room', 'room'],
    ["somebody else's room", 'room=user:bob', 403, 'forbidden', undefined],
    ['a room that is not there', 'room=execution:none', 403, 'forbidden', undefined],
    ['a room of another domain', 'room=domain:other', 403, 'forbidden', undefined],
    ['a negative position', 'room=user:alice&since=e:-1', 400, 'invalid_position', 'since'],
    ['a position that is no number', 'room=user:alice&since=e:NaN', 400, 'invalid_position', 'since'],
    ['a fraction', 'room=user:alice&before=e:1.5', 400, 'invalid_position', 'before'],
    ['a bare number', 'room=user:alice&since=1', 400, 'invalid_position', 'since'],
    ['two positions', 'room=user:alice&since=e:1&since=e:2', 400, 'invalid', 'since'],
    ['a very long one', `room=user:alice&since=${'e'.repeat(101)}`, 400, 'invalid', 'since'],
  ])('refuses %s, also as a stream', async (_what, query, status, code, field) => {
    const bench = await startBench();
    const token = await bench.token('alice');
    for (const accept of ['application/json', 'text/event-stream']) {
      const answer = await fetch(`${bench.url}/v1/events?${query}`, {
        headers: { accept, authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ error: { code, ...(field ? { field } : {}) } });
    }
    expect(await get(bench, query)).toMatchObject({
      status: 401,
      body: { error: { code: 'token_missing' } },
    });
  });
});

test('A stream reads no long past for somebody who has gone', async () => {
  const gate = Promise.withResolvers<void>();
  let reads = 0;
  const log = troubled(await openLog(), {
    read: (pass) => async (domain, range) => {
      if (range.rooms?.includes('execution:e1')) {
        reads++;
        await gate.promise;
      }
      return pass(domain, range);
    },
  });
  const bench = await startBench({}, { log, delivery: { recentBytes: 1000 } });
  const token = await bench.token('alice');
  await execution(bench, 'e1', ['alice']);
  const { epoch } = await log.head('default');
  const past = Array.from({ length: 5000 }, (_, i) => message('e1', `${i}`));
  await bench.publish('default', past);
  const opening = openStream(bench, `room=execution:e1&since=${epoch}:1`, token);
  await until(() => reads).toBe(1);
  const stream = await opening;
  stream.stop();
  const figures = async () => (await fetch(`${bench.url}/metrics`)).text();
  await until(figures).not.toContain('kind="stream"');
  gate.resolve();
  // What the log is asked for now stands behind what the stream would still read.
  for (let i = 0; i < 20; i++) await get(bench, `room=execution:e1`, token);
  // The page that was under way, and no other.
  expect(reads).toBeLessThanOrEqual(2);
});
