import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ask, type Bench, execution, heard, PUBLISH_KEY, startBench } from './support/gateway.ts';

const post = (
  bench: Bench,
  path: string,
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${PUBLISH_KEY}` },
) =>
  fetch(bench.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const cloudEvent = (more: object = {}) => ({
  specversion: '1.0',
  id: '1',
  source: 'test',
  type: 'x:hello',
  executionid: 'e1',
  data: { a: 1 },
  ...more,
});

describe('POST /v1/events', () => {
  test('takes one CloudEvent, once, and its room hears it', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.plain('alice');
    await ask(socket, 'join-execution', 'e1');
    const reached = heard(socket, 'hello');
    const first = await post(bench, '/v1/events', cloudEvent());
    expect(first.status).toBe(201);
    expect(await first.json()).toMatchObject({
      id: '1',
      status: 'new',
      seq: 2,
      settle: 0,
      epoch: expect.any(String),
    });
    expect((await reached)[0]).toEqual({ a: 1 });
    const again = await post(bench, '/v1/events', cloudEvent());
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ status: 'known', seq: 2 });
  });

  test('takes a type of the catalogue, and application/cloudevents+json', async () => {
    const bench = await startBench();
    const event = cloudEvent({
      type: 'execution:created',
      data: { executionId: 'e9', title: 'From outside', participants: ['alice'] },
    });
    const answer = await post(bench, '/v1/events', event, {
      authorization: `Bearer ${PUBLISH_KEY}`,
      'content-type': 'application/cloudevents+json; charset=utf-8',
    });
    expect(answer.status).toBe(201);
    expect(await ask(await bench.plain('alice'), 'join-execution', 'e9')).toMatchObject({ success: true });
  });

  test.each<[string, unknown, number, string, string | undefined]>([
    ['no JSON', '{', 400, 'invalid', undefined],
    ['an empty body', '', 400, 'invalid', undefined],
    ['no CloudEvent', {}, 400, 'invalid', 'specversion'],
    ['no id', cloudEvent({ id: '' }), 400, 'invalid', 'id'],
    ['an unknown type', cloudEvent({ type: 'nonsense' }), 400, 'unknown_type', 'type'],
    [
      'a type that is not for publishers',
      cloudEvent({ type: 'command:accepted' }),
      400,
      'unknown_type',
      'type',
    ],
    ['a custom event without a room', cloudEvent({ executionid: undefined }), 400, 'invalid', 'executionid'],
    [
      'data that the type does not have',
      cloudEvent({ type: 'execution:created', data: { title: 1 } }),
      400,
      'invalid',
      'data.executionId',
    ],
    ['a body that is too large', cloudEvent({ data: 'x'.repeat(2_000_000) }), 413, 'too_large', undefined],
  ])('refuses %s and names the field', async (_what, body, status, code, field) => {
    const bench = await startBench();
    const answer = await post(bench, '/v1/events', body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code, ...(field ? { field } : {}) } });
  });

  test('refuses the same id with another body', async () => {
    const bench = await startBench();
    await post(bench, '/v1/events', cloudEvent());
    const answer = await post(bench, '/v1/events', cloudEvent({ data: { a: 2 } }));
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ error: { code: 'duplicate_id', field: 'id' } });
  });
});

describe('Every port that takes facts', () => {
  test.each(['/v1/events', '/v1/engine'])('asks for the key: %s', async (path) => {
    const bench = await startBench();
    const tokens = ['', 'wrong', await bench.token('alice')];
    for (const key of tokens) {
      const answer = await post(bench, path, cloudEvent(), key ? { authorization: `Bearer ${key}` } : {});
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: { code: 'key_invalid' } });
    }
    expect((await bench.log.head('default')).seq).toBe(0);
  });
});

describe('POST /v1/engine', () => {
  test("takes a real engine's rows, twice, and knows each fact once", async () => {
    const bench = await startBench();
    const file = new URL('../../engine/test/recordings/happy-path.json', import.meta.url);
    const { posts } = JSON.parse(await readFile(file, 'utf8')) as { posts: object[] };
    for (const body of posts) expect((await post(bench, '/v1/engine', body)).status).toBe(200);
    const { seq } = await bench.log.head('default');
    for (const body of posts)
      expect(await (await post(bench, '/v1/engine', body)).json()).toMatchObject({ seq, settle: 0 });
    const { entries } = await bench.log.read('default', { after: 0, limit: 1000 });
    const types = entries.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types.filter((type) => type.startsWith('process:'))).toEqual([
      'process:started',
      'process:updated',
      'process:updated',
      'process:completed',
    ]);
    expect(types.filter((type) => type === 'task:completed')).toHaveLength(2);
  });

  test('answers the epoch to an empty batch, so that a relay can ask for it', async () => {
    const bench = await startBench();
    const answer = await post(bench, '/v1/engine', { engine: 'default', commands: [] });
    expect(await answer.json()).toEqual({
      epoch: (await bench.log.head('default')).epoch,
      seq: 0,
      settle: 0,
    });
  });

  test('goes on past what no mapping knows', async () => {
    const bench = await startBench();
    const events = [
      { kind: 'novelty', event: 'x' },
      { kind: 'process', event: 'start', id: 'p1' },
      'rubbish',
      null,
    ];
    const answer = await post(bench, '/v1/engine', {
      engine: 'default',
      commands: [{ id: 'c', committedAt: 1, events }],
    });
    expect(answer.status).toBe(200);
    expect((await bench.log.rows('default', ['process/p1'])).length).toBe(1);
  });

  test('keeps tenants apart', async () => {
    const bench = await startBench();
    const events = ['ours', 'theirs'].map((tenantId) => ({
      kind: 'process',
      event: 'start',
      id: tenantId,
      tenantId,
    }));
    await post(bench, '/v1/engine', { engine: 'default', commands: [{ id: 'c', committedAt: 1, events }] });
    for (const domain of ['ours', 'theirs']) {
      const { entries } = await bench.log.read(domain, { after: 0, limit: 10 });
      expect(entries.map(({ subject }) => subject)).toEqual([`process/${domain}`]);
    }
  });
});

describe('GET /v1/state', () => {
  const get = async (bench: Bench, query: string, token?: string) => {
    const answer = await fetch(`${bench.url}/v1/state${query}`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
    return { status: answer.status, body: (await answer.json()) as any };
  };

  test('answers the rows of a room with the position at which they are true', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const { status, body } = await get(bench, '?room=execution:e1', await bench.token('alice'));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      seq: 1,
      epoch: expect.any(String),
      rows: [{ subject: 'execution/e1', seq: 1 }],
    });
  });

  test('refuses whoever is not concerned, and who says not who it is', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    expect(await get(bench, '?room=execution:e1')).toMatchObject({
      status: 401,
      body: { error: { code: 'token_missing' } },
    });
    expect(await get(bench, '?room=execution:e1', 'nonsense')).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    });
    const stranger = await get(bench, '?room=execution:e1', await bench.token('mallory'));
    expect(stranger).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    expect(await get(bench, '?room=execution:none', await bench.token('mallory'))).toEqual(stranger);
    expect(await get(bench, '', await bench.token('alice'))).toMatchObject({
      status: 400,
      body: { error: { field: 'room' } },
    });
    expect(await get(bench, '?room=nonsense', await bench.token('alice'))).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_room' } },
    });
    expect(await get(bench, '?room=user:alice&more=', await bench.token('alice'))).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid', field: 'more' } },
    });
  });
});

describe('POST /login', () => {
  const users = JSON.stringify([{ user: 'alice', password: 'secret', groups: ['leads'] }]);

  test('gives a token to the built-in users', async () => {
    const bench = await startBench({ USERS: users });
    const answer = await post(bench, '/login', { user: 'alice', password: 'secret' }, {});
    const { token } = (await answer.json()) as { token: string };
    const socket = await bench.plain('x', { auth: { token } });
    expect((await heard(socket, 'ready'))[0]).toMatchObject({ userId: 'alice', groups: ['leads'] });
  });

  test('refuses a wrong password like an unknown user', async () => {
    const bench = await startBench({ USERS: users });
    const wrong = await post(bench, '/login', { user: 'alice', password: 'wrong' }, {});
    const unknown = await post(bench, '/login', { user: 'bob', password: '\u0000' }, {});
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
  });

  test('is not there without users', async () => {
    const bench = await startBench();
    expect((await post(bench, '/login', { user: 'alice', password: 'secret' }, {})).status).toBe(404);
  });
});
