import { LogError } from '@netbuild/realtime-log';
import { describe, expect, test } from 'vitest';
import { hashOfKey } from '../src/auth/publishers.ts';
import { batchAnswer } from '../src/http/answers.ts';
import { type Bench, execution, PUBLISH_KEY, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { troubled } from './support/troubled.ts';

const BATCH = 'application/cloudevents-batch+json';

/** `fetch` says what a text is, where nothing else does; of bytes it says nothing. */
const bytes = (text: string) => new TextEncoder().encode(text);
const isWritten = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;

/** Posts whatever it is to the route of CloudEvents. */
async function send(bench: Bench, body: unknown, headers: Record<string, string> = {}, key = PUBLISH_KEY) {
  const answer = await fetch(`${bench.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(body === undefined ? {} : { body: isWritten(body) ? body : JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: answer.status, body: (await answer.json()) as any };
}

const batch = (bench: Bench, events: unknown, key?: string) =>
  send(bench, events, { 'content-type': BATCH }, key);

const custom = (id: string, more: object = {}) => ({
  specversion: '1.0',
  id,
  source: 'shop',
  type: 'x:parcel',
  executionid: 'e1',
  data: { id },
  ...more,
});

const said = (id: string, content = id, more: object = {}) => ({
  specversion: '1.0',
  id,
  source: 'shop',
  type: 'message:new',
  data: { messageId: id, executionId: 'e1', content, userId: 'alice' },
  ...more,
});

/** The events of a domain's log, in its order. */
async function logged(bench: Bench, domain = 'default') {
  const { entries } = await bench.log.read(domain, { after: 0, limit: 5000 });
  return entries
    .filter(({ erased }) => !erased)
    .map(({ body }) => JSON.parse(body) as { type: string; rooms: string[]; time: string; data: unknown });
}

const BINARY = {
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': 'shop',
  'ce-type': 'x:parcel',
  'ce-executionid': 'e1',
};
const JSON_DATA = { 'content-type': 'application/json' };

describe('A CloudEvent in binary mode', () => {
  test('has its attributes in headers, and its data is the body', async () => {
    const bench = await startBench();
    const headers = {
      ...BINARY,
      'ce-time': '2026-11-26T12:00:00+01:00',
      'ce-domain': 'acme',
      'ce-processinstanceid': 'p1',
      'ce-definitionkey': 'd',
      'ce-userid': 'alice',
      'ce-groupid': 'leads',
      'ce-traceparent': '00-1',
    };
    const time = new Date(Date.now() - 60_000).toISOString();
    const answer = await send(bench, { parcel: [1] }, { ...JSON_DATA, ...headers, 'ce-time': time });
    expect(answer).toEqual({
      status: 201,
      body: { id: '1', status: 'new', epoch: (await bench.log.head('acme')).epoch, seq: 1, settle: 0 },
    });
    const rooms = ['execution:e1', 'process:p1', 'definition:d', 'user:alice', 'group:leads'];
    expect(await logged(bench, 'acme')).toMatchObject([
      { type: 'x:parcel', time, rooms, data: { parcel: [1] } },
    ]);
    expect(await logged(bench)).toEqual([]);
  });

  test('is the same event in each mode', async () => {
    const bench = await startBench();
    expect((await send(bench, { id: '1' }, { ...JSON_DATA, ...BINARY })).status).toBe(201);
    const again = [
      await send(bench, custom('1'), JSON_DATA),
      await send(bench, custom('1'), { 'content-type': 'application/cloudevents+json' }),
      await send(
        bench,
        { id: '1' },
        { ...BINARY, 'content-type': 'application/vnd.shop+json; charset=utf-8' },
      ),
    ];
    expect(again.map(({ status, body }) => [status, body.status])).toEqual(Array(3).fill([200, 'known']));
    expect((await batch(bench, [custom('1')])).body.results).toEqual([{ id: '1', status: 'known', seq: 1 }]);
    expect(await logged(bench)).toHaveLength(1);
  });

  test.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['a%2fb%2Fc', 'a/b/c'],
    ['100%25', '100%'],
    ['once%2525', 'once%25'],
    ['%61lice', 'alice'],
    ['"quoted \\"words\\""', 'quoted "words"'],
    ['"per%20cent"', 'per cent'],
  ])('has its attributes percent-encoded: %s', async (value, user) => {
    const bench = await startBench();
    expect((await send(bench, {}, { ...JSON_DATA, ...BINARY, 'ce-userid': value })).status).toBe(201);
    expect(await logged(bench)).toMatchObject([{ rooms: ['execution:e1', `user:${user}`] }]);
  });

  test.each([
    ['a % alone', '100%'],
    ['what is no UTF-8', '%C0%A0'],
    ['what is cut', '%E2%82'],
    ['bytes that are not encoded', 'Jos\u00e9'],
  ])('is refused for %s, by the name of the attribute', async (_what, value) => {
    const bench = await startBench();
    const { status, body } = await send(bench, {}, { ...JSON_DATA, ...BINARY, 'ce-userid': value });
    expect([status, body.error.code, body.error.field]).toEqual([400, 'invalid', 'userid']);
    expect(await logged(bench)).toEqual([]);
  });

  test.each<[string, unknown, Record<string, string>, unknown]>([
    ['none, and no content type', undefined, {}, null],
    ['none, and a content type all the same', '', JSON_DATA, null],
    ['JSON, whose content type is not said', bytes('[1]'), {}, [1]],
    ['null', 'null', JSON_DATA, null],
    ['a text', '"a"', JSON_DATA, 'a'],
    ['a number', '0', JSON_DATA, 0],
    ['an array', '[1]', JSON_DATA, [1]],
  ])('may have any JSON as its data: %s', async (_what, body, headers, data) => {
    const bench = await startBench();
    expect((await send(bench, body, { ...headers, ...BINARY })).status).toBe(201);
    const [event] = await logged(bench);
    expect(event!.data).toEqual(data);
  });

  test.each<[string, Record<string, string>, string | undefined]>([
    ['no id', { 'ce-id': '' }, 'id'],
    ['another version', { 'ce-specversion': '0.3' }, 'specversion'],
    ['a time that is none', { 'ce-time': 'now' }, 'time'],
    ['a type that the catalogue lacks', { 'ce-type': 'order' }, 'type'],
    ['data of another type', { 'ce-type': 'message:new' }, 'data.messageId'],
    ['data that is no JSON', { 'content-type': 'text/plain' }, 'datacontenttype'],
    ['data that is a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'datacontenttype'],
    ['an unknown format of events', { 'content-type': 'application/cloudevents+avro' }, undefined],
  ])('is refused for %s', async (_what, wrong, field) => {
    const bench = await startBench();
    const { status, body } = await send(bench, '{}', { ...JSON_DATA, ...BINARY, ...wrong });
    expect([status, body.error.field]).toEqual([400, field]);
  });
});

test('A path that is not there is not found, whatever is sent to it', async () => {
  const bench = await startBench();
  for (const type of ['text/xml', 'application/json', BATCH]) {
    const headers = { 'content-type': type };
    expect((await fetch(`${bench.url}/v1/none`, { method: 'POST', headers, body: '{}' })).status).toBe(404);
  }
});

describe('A CloudEvent in structured mode', () => {
  test('may have attributes that are not set, as null', async () => {
    const bench = await startBench();
    const event = custom('1', { time: null, subject: null, userid: null, datacontenttype: null, data: null });
    expect((await send(bench, event, JSON_DATA)).status).toBe(201);
    expect(await logged(bench)).toMatchObject([{ rooms: ['execution:e1'], data: null }]);
  });

  test('is what its body says, whatever its headers repeat', async () => {
    const bench = await startBench();
    const headers = { 'content-type': 'application/cloudevents+json', ...BINARY, 'ce-id': 'other' };
    expect((await send(bench, custom('1'), headers)).body).toMatchObject({ id: '1', status: 'new' });
  });

  test('is refused for data that is binary, instead of losing it', async () => {
    const bench = await startBench();
    const { data: _, ...event } = custom('1');
    const { status, body } = await send(bench, { ...event, data_base64: 'e30=' }, JSON_DATA);
    expect([status, body.error.field]).toEqual([400, 'data_base64']);
  });
});

describe('A batch', () => {
  test('enters in its order, and is answered in it', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const events = Array.from({ length: 1000 }, (_, i) => (i % 2 ? said(`${i}`) : custom(`${i}`)));
    const { status, body } = await batch(bench, events);
    const { epoch } = await bench.log.head('default');
    expect([status, { ...body, results: [] }]).toEqual([200, { epoch, seq: 1001, settle: 0, results: [] }]);
    expect(body.results).toEqual(events.map(({ id }, i) => ({ id, status: 'new', seq: i + 2 })));
    const ids = (await logged(bench)).slice(1).map(({ data }) => {
      const { id, messageId } = data as { id?: string; messageId?: string };
      return id ?? messageId;
    });
    expect(ids).toEqual(events.map(({ id }) => id));
    const again = await batch(bench, events);
    expect(again.body.results).toEqual(events.map(({ id }, i) => ({ id, status: 'known', seq: i + 2 })));
    expect(again.body.seq).toBe(1001);
  });

  test('is not held up by what is wrong in it', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    let deep: unknown = 1;
    for (let i = 0; i < 40; i++) deep = [deep];
    const events = [
      custom('1'),
      'rubbish',
      null,
      custom('2', { type: 'task:completed', data: {} }),
      custom('3', { type: 'nonsense' }),
      custom('4', { executionid: undefined }),
      custom('1', { data: 'another' }),
      custom('5', { data: deep }),
      JSON.parse(JSON.stringify(custom('6')).replace('{"id":"6"}', '{"__proto__":{"a":1}}')),
      custom('1'),
      said('m1', ' '),
      said('m2'),
      custom('7', { id: 7 }),
      custom('8', { time: '2020-01-01T00:00:00Z' }),
      custom('9', { data_base64: 'e30=' }),
      custom('last'),
    ];
    const { status, body } = await batch(bench, events);
    expect(status).toBe(200);
    expect(batchAnswer.strict().safeParse(body).error).toBeUndefined();
    expect(
      body.results.map(({ id, status, seq, error }: never) => [
        id,
        seq ?? status,
        ...(error ? [(error as { code: string }).code, (error as { field?: string }).field] : []),
      ]),
    ).toEqual([
      ['1', 2],
      [undefined, 'refused', 'invalid', '1'],
      [undefined, 'refused', 'invalid', '2'],
      ['2', 'refused', 'invalid', '3.data.taskId'],
      ['3', 'refused', 'unknown_type', '4.type'],
      ['4', 'refused', 'invalid', '5.executionid'],
      ['1', 'refused', 'duplicate_id', '6.id'],
      ['5', 'refused', 'invalid', '7'],
      ['6', 'refused', 'invalid', '8'],
      ['1', 2],
      ['m1', 'refused', 'invalid', '10.data.content'],
      ['m2', 3],
      [undefined, 'refused', 'invalid', '12.id'],
      ['8', 'refused', 'too_old', '13.time'],
      ['9', 'refused', 'invalid', '14.data_base64'],
      ['last', 4],
    ]);
    expect(await logged(bench)).toHaveLength(4);
  });

  test('may go to several domains, and keeps its order in each', async () => {
    const bench = await startBench();
    const domains = ['acme', undefined, 'other', 'acme', undefined, 'acme'];
    const events = domains.map((domain, i) => custom(`${i}`, { domain }));
    const { body } = await batch(bench, events);
    const heads = await Promise.all(['acme', 'default', 'other'].map((domain) => bench.log.head(domain)));
    const [acme, ours, other] = heads.map(({ epoch }) => epoch);
    expect(body).toEqual({
      epoch: acme,
      seq: 3,
      settle: 0,
      results: [
        { id: '0', status: 'new', seq: 1 },
        { id: '1', status: 'new', seq: 1, epoch: ours },
        { id: '2', status: 'new', seq: 1, epoch: other },
        { id: '3', status: 'new', seq: 2 },
        { id: '4', status: 'new', seq: 2, epoch: ours },
        { id: '5', status: 'new', seq: 3 },
      ],
    });
    const idsIn = async (domain: string) =>
      (await logged(bench, domain)).map(({ data }) => (data as { id: string }).id);
    expect(await Promise.all(['acme', 'default', 'other'].map(idsIn))).toEqual([
      ['0', '3', '5'],
      ['1', '4'],
      ['2'],
    ]);
  });

  test('has what its publisher is not bound to refused, and nothing else', async () => {
    const key = 'a key of the shop';
    const bound = { types: ['x:order*'], sources: ['shop*'], domains: ['acme', 'other'] };
    const list = [{ name: 'shop', keys: [hashOfKey(key)], ...bound }];
    const bench = await startBench({ PUBLISHERS: JSON.stringify(list) });
    const order = (id: string, more: object) => custom(id, { type: 'x:order', domain: 'acme', ...more });
    const events = [
      order('1', {}),
      order('2', { type: 'x:parcel' }),
      order('3', { source: 'bank' }),
      order('4', { domain: 'third' }),
      order('5', { domain: undefined }),
      order('6', { domain: 'other', source: 'shop/eu' }),
    ];
    const { status, body } = await batch(bench, events, key);
    expect(status).toBe(200);
    expect(
      // biome-ignore lint/suspicious/noExplicitAny: see above.
      body.results.map(({ status, error }: any) => (error ? `${error.code} ${error.field}` : status)),
    ).toEqual([
      'new',
      'forbidden 1.type',
      'forbidden 2.source',
      'forbidden 3.domain',
      'forbidden 4.domain',
      'new',
    ]);
    for (const [domain, seq] of Object.entries({ acme: 1, other: 1, third: 0, default: 0 }))
      expect([domain, (await bench.log.head(domain)).seq]).toEqual([domain, seq]);
    // It hears of a log of its own where none of its events can enter.
    const { epoch } = await bench.log.head('acme');
    expect((await batch(bench, [order('7', { source: 'bank' })], key)).body).toMatchObject({ epoch, seq: 1 });
    expect((await batch(bench, [], 'no key')).status).toBe(401);
  });

  test('without events asks where the log stands', async () => {
    const bench = await startBench();
    const { epoch } = await bench.log.head('default');
    expect(await batch(bench, [])).toEqual({ status: 200, body: { epoch, seq: 0, settle: 0, results: [] } });
  });

  test.each<[string, unknown, number, string]>([
    ['no array', custom('1'), 400, 'invalid'],
    ['no JSON', '[{', 400, 'invalid'],
    ['an empty body', '', 400, 'invalid'],
    ['more events than it may have', Array.from({ length: 4 }, (_, i) => custom(`${i}`)), 413, 'too_large'],
    ['a body that is too large', [custom('1', { data: 'x'.repeat(2_000_000) })], 413, 'too_large'],
  ])('is refused whole for %s', async (_what, body, status, code) => {
    const bench = await startBench({ LIMIT_BATCH_EVENTS: '3' });
    const answer = await batch(bench, body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(await logged(bench)).toEqual([]);
    expect(
      (
        await batch(
          bench,
          ['1', '2', '3'].map((id) => custom(id)),
        )
      ).status,
    ).toBe(200);
  });

  test('is taken by no route that does not look at each of its events', async () => {
    const bench = await startBench();
    const answer = await fetch(`${bench.url}/v1/engine`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': BATCH },
      body: `${'['.repeat(2000)}${']'.repeat(2000)}`,
    });
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('levels deep') } });
  });

  test('is refused whole where the log can not be written, and enters once when it can again', async () => {
    let full: string | undefined = 'other';
    const log = troubled(await openLog(), {
      append: (pass) => async (domain, groups) => {
        if (domain === full) throw new LogError('failed', 'the disk is full');
        return pass(domain, groups);
      },
    });
    const bench = await startBench({}, { log });
    const events = ['acme', 'other', 'acme'].map((domain, i) => custom(`${i}`, { domain }));
    const { status, body } = await batch(bench, events);
    expect([status, body.error]).toMatchObject([503, { code: 'storage_unavailable', retryable: true }]);
    // What has entered meanwhile, beside it, is known when the same comes again.
    await until(async () => (await bench.log.head('acme')).seq).toBe(2);
    full = undefined;
    const again = await batch(bench, events);
    expect(again.body.results.map(({ status }: { status: string }) => status)).toEqual([
      'known',
      'new',
      'known',
    ]);
    expect(await logged(bench, 'acme')).toHaveLength(2);
  });
});

describe('An erasure in a batch', () => {
  const erased = (id: string, data: object) =>
    custom(id, { type: 'data:erased', executionid: undefined, data });

  test('takes what stands before it, and leaves what comes after', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const { body } = await batch(bench, [
      said('m1'),
      erased('x', { messageId: 'm1' }),
      said('m2'),
      erased('y', { room: 'execution:e1' }),
      said('m3'),
    ]);
    expect(body.results.map(({ status }: { status: string }) => status)).toEqual(Array(5).fill('new'));
    const messages = (await logged(bench)).filter(({ type }) => type === 'message:new');
    expect(messages.map(({ data }) => (data as { messageId: string }).messageId)).toEqual(['m3']);
  });

  test('that is refused holds up nothing; one of a person ends their tokens', async () => {
    const bench = await startBench();
    const task = { taskId: 't1', assignee: 'bob' };
    await batch(bench, [custom('t', { type: 'task:created', executionid: undefined, data: task })]);
    const token = await bench.token('alice');
    const { body } = await batch(bench, [
      custom('1'),
      erased('x', { user: 'bob' }),
      erased('y', { user: 'alice' }),
      custom('2'),
    ]);
    expect(body.results).toMatchObject([
      { status: 'new' },
      { status: 'refused', error: { code: 'task_waiting', field: '1.data.user' } },
      { status: 'new' },
      { status: 'new', seq: body.seq },
    ]);
    const me = await fetch(`${bench.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(me.status).toBe(401);
  });
});
