import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ids, publishAll, until, watch } from './support/publisher.ts';
import { startScripted } from './support/scripted-gateway.ts';

const wire = (code: string, retryable: boolean, more: object = {}) => ({
  error: { code, message: code, retryable, ...more },
});

describe('A publisher', () => {
  test('sends what is given together as batches, one at a time, in order, over one connection', async () => {
    const gateway = await startScripted();
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 250));
    await publisher.flush();
    expect(gateway.batches).toEqual([ids(1, 100), ids(101, 200), ids(201, 250)]);
    expect([gateway.atOnce, gateway.connections]).toEqual([1, 1]);
    expect(gateway.requests[0]!.headers).toMatchObject({
      authorization: 'Bearer a key',
      'content-type': 'application/cloudevents-batch+json',
    });
    expect(publisher.buffered).toEqual({ events: 0, bytes: 0 });
  });

  test('gathers what comes while a request is under way', async () => {
    const gateway = await startScripted({ faults: ['silence'] });
    const publisher = watch(gateway);
    publishAll(publisher, ['1']);
    await until(() => gateway.requests.length).toBe(1);
    publishAll(publisher, ids(2, 50));
    gateway.release();
    await publisher.flush();
    expect(gateway.batches).toEqual([['1'], ids(2, 50)]);
    expect(gateway.atOnce).toBe(1);
  });

  test('sends a batch that is full, or waited for, before its time', async () => {
    const gateway = await startScripted();
    const publisher = watch({ ...gateway, batch: { events: 10, gather: 3_600_000 } });
    publishAll(publisher, ids(1, 15));
    await until(() => publisher.buffered.events).toBe(5);
    expect(gateway.log).toEqual(ids(1, 10));
    await publisher.flush();
    publishAll(publisher, ids(16, 30));
    await publisher.flush();
    expect(gateway.batches).toEqual([ids(1, 10), ids(11, 15), ids(16, 25), ids(26, 30)]);
  });

  test('warns once of each kind of trouble, where nobody else is to be told', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    onTestFinished(() => warn.mockRestore());
    const gateway = await startScripted({ faults: ['cut', 'cut'], refuses: new Set(['1', '3']) });
    const publisher = watch({ ...gateway, onRefused: undefined, onRetry: undefined });
    publishAll(publisher, ids(1, 3));
    await publisher.flush();
    await until(() => warn.mock.calls).toEqual([
      [
        'A request failed and is made again: No connection to the gateway: socket hang up',
        { type: 'RealtimePublisher', code: 'unreachable' },
      ],
      ['The event 1 (x:parcel) was dropped: no', { type: 'RealtimePublisher', code: 'invalid' }],
    ]);
  });

  test('cuts batches by their bytes, and sends alone what is larger', async () => {
    const gateway = await startScripted();
    const publisher = watch({ ...gateway, batch: { bytes: 1000 } });
    publishAll(publisher, ['1', '2', '3'], { text: 'x'.repeat(250) });
    publishAll(publisher, ['4'], { text: 'é'.repeat(2000) });
    publishAll(publisher, ['5', '6']);
    await publisher.flush();
    expect(gateway.batches).toEqual([['1', '2'], ['3'], ['4'], ['5', '6']]);
    for (const { events, headers } of gateway.requests)
      if (events.length > 1) expect(Number(headers['content-length'])).toBeLessThanOrEqual(1002);
  });

  test('sends the same again, to the byte, and nothing before it, until it is answered', async () => {
    const gateway = await startScripted({
      faults: [
        'cut',
        { status: 503, body: wire('storage_unavailable', true) },
        'taken',
        { status: 502, body: '<html>Bad Gateway</html>' },
        { status: 200, body: '<html>Welcome</html>' },
        { status: 200, body: { epoch: 'e1', seq: 0, settle: 0, results: [] } },
        { status: 401, body: wire('key_invalid', false) },
        { status: 404 },
        { status: 307, headers: { location: 'http://127.0.0.1:1/' } },
      ],
    });
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 3));
    await until(() => gateway.requests.length).toBeGreaterThan(0);
    publishAll(publisher, ids(4, 6));
    await publisher.flush();
    const [first] = gateway.requests;
    for (const { events } of gateway.requests.slice(0, 10)) expect(events.slice(0, 3)).toEqual(first!.events);
    expect(gateway.log).toEqual(ids(1, 6));
    expect(publisher.failed.map(({ code }) => code)).toEqual([
      'unreachable',
      'storage_unavailable',
      'unreachable',
      'unreachable',
      'unreachable',
      'unreachable',
      'key_invalid',
      'unreachable',
      'unreachable',
    ]);
    expect(publisher.refused).toEqual([]);
  });

  test('takes nothing for an answer that does not say of each event what became of it', async () => {
    const error = { code: 'invalid', message: 'no', retryable: false };
    const results = [null, {}, { status: 'new' }, { status: 'refused' }, { status: 'refused', error: {} }];
    const odd = [...results, { status: 'refused', error: { ...error, field: 1 } }].map((one) => ({
      status: 200,
      body: { epoch: 'e1', settle: 0, results: [one] },
    }));
    const gateway = await startScripted({ faults: [...odd] });
    const publisher = watch(gateway);
    publishAll(publisher, ['1']);
    await publisher.flush();
    expect(publisher.failed.map(({ code }) => code)).toEqual(odd.map(() => 'unreachable'));
    expect(gateway.log).toEqual(['1']);
    expect(publisher.refused).toEqual([]);
  });

  test('sends again what is refused in a batch for now', async () => {
    const results = [
      { id: '1', status: 'new', seq: 1 },
      { id: '2', status: 'refused', ...wire('contended', true) },
    ];
    const gateway = await startScripted({
      faults: [{ status: 200, body: { epoch: 'e1', seq: 1, settle: 0, results } }],
    });
    const publisher = watch(gateway);
    publishAll(publisher, ['1', '2']);
    await publisher.flush();
    expect(gateway.batches).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(publisher.failed).toMatchObject([{ code: 'contended' }]);
    expect(publisher.refused).toEqual([]);
  });

  test('waits for as long as it is told to', async () => {
    const gateway = await startScripted({
      faults: [
        { status: 429, headers: { 'retry-after': '1' } },
        { status: 429, body: wire('too_many_requests', true, { retryAfter: 300 }) },
        { status: 503, headers: { 'retry-after': new Date(Date.now() - 60_000).toUTCString() } },
      ],
    });
    const publisher = watch(gateway);
    publishAll(publisher, ['1']);
    await publisher.flush();
    const [first, second, third] = gateway.requests.map(({ at }) => at);
    // Timers of Node may be a millisecond early.
    expect(second! - first!).toBeGreaterThan(995);
    expect(third! - second!).toBeGreaterThan(295);
    expect(publisher.waits[2]).toBeLessThanOrEqual(20);
  });

  test('waits longer after each failure, up to a limit, and each time another part of it', async () => {
    const gateway = await startScripted({ faults: Array(40).fill('cut') });
    const publisher = watch({ ...gateway, backoff: { base: 1, limit: 16 } });
    publishAll(publisher, ['1']);
    await publisher.flush();
    expect(publisher.waits).toHaveLength(40);
    for (const [failures, wait] of publisher.waits.entries())
      expect(wait).toBeLessThanOrEqual(Math.min(16, 2 ** failures));
    expect(Math.max(...publisher.waits)).toBeGreaterThan(4);
    expect(new Set(publisher.waits).size).toBe(40);
  });

  test('gives up a gateway that accepts and never answers, and asks again', async () => {
    const gateway = await startScripted({ faults: ['silence', 'silence'] });
    const publisher = watch({ ...gateway, requestTimeout: 500 });
    publishAll(publisher, ['1', '2']);
    await publisher.flush();
    expect(publisher.failed.map(({ code }) => code)).toEqual(['timeout', 'timeout']);
    expect(gateway.log).toEqual(['1', '2']);
  });

  test('tells what is refused for good, and goes on with the rest', async () => {
    const gateway = await startScripted({ refuses: new Set(['2', '4']) });
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 5));
    await publisher.flush();
    await until(() => publisher.refused).toEqual([
      ['2', 'invalid', 'data.2'],
      ['4', 'invalid', 'data.4'],
    ]);
    expect(gateway.log).toEqual(['1', '3', '5']);
    expect(gateway.requests).toHaveLength(1);
  });

  test('finds in a batch that is refused whole the event that it is refused for', async () => {
    const gateway = await startScripted();
    const publisher = watch(gateway);
    const bad = { status: 400, body: wire('invalid', false) };
    // Of eight the first half; of these the second one; and then whether anything is taken.
    gateway.faults.push(bad, bad, { status: 413, body: '<html>Too Large</html>' });
    publishAll(publisher, ids(1, 8));
    await publisher.flush();
    expect(gateway.batches.slice(0, 5)).toEqual([ids(1, 8), ids(1, 4), ids(1, 2), ['1'], ['2', '3']]);
    expect(publisher.refused).toEqual([]);
    gateway.faults.push({ status: 413, body: wire('too_large', false) });
    publishAll(publisher, ['9']);
    await publisher.flush();
    await until(() => publisher.refused).toEqual([['9', 'too_large']]);
    expect(gateway.batches.at(-1)).toEqual([]);
    expect(gateway.log).toEqual(ids(1, 8));
  });

  test('takes no event for bad where the gateway refuses a question as well', async () => {
    const bad = { status: 400, body: wire('invalid', false) };
    const gateway = await startScripted({ faults: [bad, bad] });
    const publisher = watch(gateway);
    publishAll(publisher, ['1']);
    await publisher.flush();
    expect(gateway.batches).toEqual([['1'], [], ['1']]);
    expect(publisher.refused).toEqual([]);
    expect(gateway.log).toEqual(['1']);
  });
});

describe('The buffer of a publisher', () => {
  test('holds so many events, and the newest are refused', async () => {
    const gateway = await startScripted({ faults: ['silence'] });
    const publisher = watch({ ...gateway, buffer: { events: 50 } });
    publishAll(publisher, ids(1, 1000));
    expect(publisher.buffered.events).toBe(50);
    await until(() => publisher.refused.length).toBe(950);
    expect(publisher.refused).toEqual(ids(51, 1000).map((id) => [id, 'buffer_full']));
    await until(() => gateway.requests.length).toBe(1);
    gateway.release();
    await publisher.flush();
    publishAll(publisher, ['1001']);
    await publisher.flush();
    expect(gateway.log).toEqual([...ids(1, 50), '1001']);
  });

  test('holds so many bytes', async () => {
    const gateway = await startScripted({ faults: ['silence'] });
    const publisher = watch({ ...gateway, buffer: { bytes: 10_000 } });
    publishAll(publisher, ids(1, 9), { text: 'é'.repeat(1000) });
    const { events, bytes } = publisher.buffered;
    expect(events).toBe(4);
    expect(bytes).toBeGreaterThan(8000);
    expect(bytes).toBeLessThanOrEqual(10_000);
    await until(() => publisher.refused).toEqual(ids(5, 9).map((id) => [id, 'buffer_full']));
  });

  test('keeps what an event was when it was given', async () => {
    const gateway = await startScripted({ faults: ['cut'] });
    const publisher = watch(gateway);
    const data = { n: 1 };
    const before = Date.now();
    const id = publisher.publish('x:count', data, { groupId: 'clerks' });
    data.n = 2;
    await publisher.flush();
    const [once, again] = gateway.requests.map(({ events }) => events);
    expect(again).toEqual(once);
    expect(once).toMatchObject([{ specversion: '1.0', id, source: 'shop', type: 'x:count', data: { n: 1 } }]);
    expect(Math.abs(Date.parse(once![0]!.time!) - before)).toBeLessThan(5000);
  });

  test('takes nothing that there is no JSON of, and throws nothing', async () => {
    const gateway = await startScripted();
    const publisher = watch(gateway);
    const data: { self?: object } = {};
    data.self = data;
    publisher.publish('x:count', data, { id: 'circle', groupId: 'clerks' });
    publisher.publish('x:count', 1n, { id: 'bigint', groupId: 'clerks' });
    publisher.publish('x:count', undefined, { id: 'nothing', groupId: 'clerks', time: new Date(Number.NaN) });
    await publisher.flush();
    await until(() => publisher.refused).toEqual([
      ['circle', 'invalid', 'data'],
      ['bigint', 'invalid', 'data'],
    ]);
    expect(gateway.log).toEqual(['nothing']);
  });
});

describe('Who waits', () => {
  test('for an event is told what became of it, alone', async () => {
    const gateway = await startScripted({ refuses: new Set(['2']) });
    const publisher = watch(gateway);
    const send = (id: string) => publisher.send('x:parcel', {}, { id, userId: 'alice' });
    expect(await send('1')).toEqual({ id: '1', status: 'new', epoch: 'e1', seq: 1 });
    expect(await send('1')).toEqual({ id: '1', status: 'known', epoch: 'e1', seq: 1 });
    await expect(send('2')).rejects.toMatchObject({
      name: 'PublishError',
      code: 'invalid',
      field: 'data.2',
      retryable: false,
    });
    expect(publisher.refused).toEqual([]);
  });

  test('for an event waits no longer than is said; it is sent all the same', async () => {
    const gateway = await startScripted({ faults: ['silence'], refuses: new Set(['2']) });
    const publisher = watch({ ...gateway, sendTimeout: 50 });
    const [one, two] = ['1', '2'].map((id) => publisher.send('x:parcel', {}, { id, userId: 'alice' }));
    await expect(one).rejects.toMatchObject({ code: 'timeout', retryable: true });
    await expect(two).rejects.toMatchObject({ code: 'timeout' });
    await until(() => gateway.requests.length).toBe(1);
    gateway.release();
    await publisher.flush();
    expect(gateway.log).toEqual(['1']);
    await until(() => publisher.refused).toEqual([['2', 'invalid', 'data.2']]);
  });

  test('for all that was given does not wait for what comes after it', async () => {
    const gateway = await startScripted({ faults: ['silence', 'silence'] });
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 3));
    const flushed = publisher.flush();
    await until(() => gateway.requests.length).toBe(1);
    publishAll(publisher, ['4']);
    gateway.release();
    await flushed;
    expect(gateway.log).toEqual(ids(1, 3));
    await until(() => gateway.requests.length).toBe(2);
    gateway.release();
    await publisher.flush();
    await publisher.flush();
    expect(gateway.log).toEqual(ids(1, 4));
  });

  test('for the end gets what is left within a time, and what is given later is refused', async () => {
    const gateway = await startScripted();
    const publisher = watch({ ...gateway, closeTimeout: 5000 });
    publishAll(publisher, ids(1, 150));
    expect(await publisher.close()).toEqual({ unanswered: 0, unsettled: 0 });
    expect(gateway.log).toEqual(ids(1, 150));
    publishAll(publisher, ['151']);
    await expect(publisher.send('x:parcel', {}, { userId: 'alice' })).rejects.toMatchObject({
      code: 'closed',
    });
    await until(() => publisher.refused).toEqual([['151', 'closed']]);
  });

  test('for the end hears what was given up', async () => {
    const gateway = await startScripted({ faults: ['silence'] });
    const publisher = watch({ ...gateway, closeTimeout: 50 });
    const sent = publisher.send('x:parcel', {}, { id: '1', userId: 'alice' });
    publishAll(publisher, ['2', '3']);
    const flushed = publisher.flush();
    const closed = publisher.close();
    await expect(sent).rejects.toMatchObject({ code: 'closed' });
    expect(await closed).toEqual({ unanswered: 3, unsettled: 0 });
    await flushed;
    await until(() => publisher.refused).toEqual([
      ['2', 'closed'],
      ['3', 'closed'],
    ]);
    expect(publisher.buffered).toEqual({ events: 0, bytes: 0 });
    expect(publisher.failed).toEqual([]);
  });
});
