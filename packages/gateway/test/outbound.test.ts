import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Log } from '@netbuild/realtime-log';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { createPublish, type Publish } from '../src/ingest/publish.ts';
import { createProgress, Overtaken } from '../src/outbound/progress.ts';
import { createReceiver } from '../src/outbound/receiver.ts';
import { createSelection } from '../src/outbound/selection.ts';
import {
  type Bench,
  execution,
  fact,
  JWT_SECRET,
  message,
  PUBLISH_KEY,
  startBench,
  until,
} from './support/gateway.ts';
import { linesOf } from './support/lines.ts';
import { openLog } from './support/log.ts';
import { openRewindable } from './support/rewindable.ts';
import { numbers, SECRET, startService, subscription, subscriptions } from './support/service.ts';
import { troubled } from './support/troubled.ts';

/** Quicker than operators want it. */
const QUICK = {
  leaseEvery: 1000,
  retryAfter: 5,
  longestRetry: 20,
  lookEvery: 20,
  noteEvery: 10,
  within: 10_000,
  grace: 500,
};
const OWN = `netbuild-realtime/${'-'.repeat(64)}`;
/** An hour's part in which nothing is tried twice. */
const AT_ONCE = 1e-9;

const tick = (n: number, type = 'x:tick', room = 'execution:e1' as const) =>
  fact(type, { n }, { rooms: [room] });
const ticks = (...list: number[]) => list.map((n) => tick(n));

/** A gateway with subscriptions. */
function startOutbound(list: object[], parts: Parameters<typeof startBench>[1] = {}, more = {}) {
  return startBench({ ...subscriptions(...list), ...more }, { outbound: QUICK, ...parts });
}

async function asked(bench: Bench, path: string, method = 'GET') {
  const headers = { authorization: `Bearer ${PUBLISH_KEY}` };
  const answer = await fetch(`${bench.url}/v1/${path}`, { method, headers });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return (await answer.json()) as any;
}

async function figure(bench: Bench, name: string, ...labels: string[]): Promise<number> {
  const text = await (await fetch(`${bench.url}/metrics`)).text();
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`netbuild_${name}{`) && labels.every((label) => one.includes(label)));
  return Number(line?.split(' ').at(-1));
}

const rowOf = async (log: Log, name = 'billing') => {
  const [found] = await log.rows(OWN, [`subscription/${name}`]);
  return found && (JSON.parse(found.body) as { data: Record<string, unknown> }).data;
};

describe('A subscription', () => {
  test('hears each event that it names, signed, in order, as a CloudEvent', async () => {
    const [all, payments, acme, alice] = await Promise.all([
      startService(),
      startService(),
      startService(),
      startService(),
    ]);
    const bench = await startOutbound([
      subscription(all),
      subscription(payments, { name: 'payments', types: ['payment:*'], rooms: ['execution:e1'] }),
      subscription(acme, { name: 'acme', domain: 'acme' }),
      subscription(alice, { name: 'alice', types: ['task:*'], rooms: ['user:alice'] }),
    ]);
    await execution(bench, 'e1', ['alice']);
    const { epoch } = await bench.publish('default', ticks(1, 2, 3));
    await bench.publish('acme', [tick(9)]);
    const payment = { paymentId: 'p1', amount: 1250, currency: 'EUR', executionId: 'e1' };
    await bench.publish('default', [fact('payment:confirmed', payment)]);
    await until(() => all.heard.length).toBe(6);
    const [first, second] = all.heard;
    expect(first!.event).toMatchObject({ type: 'execution:created', subject: 'execution/e1' });
    expect(first!.event.data).toMatchObject({ executionId: 'e1', participants: ['alice'] });
    expect(second!.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(second!.event).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^test\/fact-\d+#1$/),
      source: '/domains/default',
      type: 'x:tick',
      time: expect.any(String),
      datacontenttype: 'application/json',
      domain: 'default',
      position: `${epoch}:2`,
      data: { n: 1 },
    });
    expect(numbers(all.heard.slice(1, 4))).toEqual([1, 2, 3]);
    expect(new Set(all.heard.map(({ id }) => id)).size).toBe(6);
    expect(all.heard.every(({ id }) => /^evt_[\w-]{22}$/.test(id))).toBe(true);
    await until(() => payments.heard.map(({ event }) => event.type)).toEqual([
      'payment:confirmed',
      'payment:status',
    ]);
    expect(payments.heard.map(({ id }) => id)).toEqual(all.heard.slice(4).map(({ id }) => id));
    await until(() => numbers(acme.heard)).toEqual([9]);
    expect(acme.heard[0]!.event).toMatchObject({ domain: 'acme', source: '/domains/acme' });
    const mine = 'subscription="billing"';
    await until(() => figure(bench, 'subscription_attempts_total', mine, 'outcome="delivered"')).toBe(6);
    await until(() => figure(bench, 'subscription_behind_events', mine)).toBe(0);
    expect(await figure(bench, 'subscription_failing_seconds', mine)).toBe(0);
    await bench.publish('default', [fact('task:created', { taskId: 't1', assignee: 'alice' })]);
    await bench.publish('default', [fact('task:updated', { taskId: 't1', assignee: 'bob' })]);
    await until(() => alice.heard.map(({ event }) => [event.type, event.subject])).toEqual([
      ['task:created', 'task/t1'],
      ['left', 'task/t1'],
    ]);
    expect(alice.heard[1]!.event.data).toEqual({ left: ['user:alice'] });
    expect(JSON.stringify(alice.heard)).not.toContain('bob');
  });

  test('loses nothing, and keeps the order, while its receiver is down; that is said once, and so is its end', async () => {
    const [service, other] = await Promise.all([startService(), startService()]);
    const { logger, lines } = linesOf('info');
    const bench = await startOutbound([subscription(service), subscription(other, { name: 'other' })], {
      logger,
    });
    await bench.publish('default', ticks(1, 2));
    await until(() => numbers(service.heard)).toEqual([1, 2]);
    await service.stop();
    await bench.publish('default', ticks(3, 4, 5));
    const mine = 'subscription="billing"';
    await until(() => figure(bench, 'subscription_attempts_total', mine, 'outcome="failed"')).toBeGreaterThan(
      3,
    );
    expect(await figure(bench, 'subscription_behind_events', mine)).toBe(3);
    expect(await figure(bench, 'subscription_failing_seconds', mine)).toBeGreaterThan(0);
    expect(await rowOf(bench.log)).toMatchObject({
      seq: 2,
      failing: { seq: 3, why: 'no answer: ECONNREFUSED' },
    });
    // Nobody else waits for it.
    await until(() => numbers(other.heard)).toEqual([1, 2, 3, 4, 5]);
    await service.start();
    await until(() => numbers(service.heard)).toEqual([1, 2, 3, 4, 5]);
    await until(() => figure(bench, 'subscription_failing_seconds', mine)).toBe(0);
    const said = lines().filter((line) => (line as { subscription?: string }).subscription === 'billing');
    expect(said.map((line) => (line as { msg: string }).msg)).toEqual([
      'a new subscription: it hears what comes from now on',
      'an event can not be delivered: the line waits for it',
      'the receiver is there again',
    ]);
  });

  test('waits for a receiver that hangs, refuses, wants a pause, or answers rubbish; others do not', async () => {
    const rubbish = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n'));
    rubbish.listen(0, '127.0.0.1');
    await once(rubbish, 'listening');
    onTestFinished(() => void rubbish.close());
    const { port } = rubbish.address() as { port: number };
    const [hanging, refusing, slow, busy, well] = await Promise.all(
      Array.from({ length: 5 }, () => startService()),
    );
    let isHanging = true;
    hanging!.answer = () => isHanging && new Promise(() => {});
    const askedAt: number[] = [];
    busy!.answer = (_heard, response) =>
      askedAt.push(performance.now()) === 1 && response.writeHead(429, { 'retry-after': '1' }).end();
    refusing!.answer = (_heard, response) => refusing!.asked.length < 4 && response.writeHead(400).end();
    // It has taken what it was told, whatever it goes on to say.
    slow!.answer = (heard, response) => {
      slow!.heard.push(heard);
      response.writeHead(200).write('x'.repeat(100_000));
    };
    const bench = await startOutbound(
      [
        subscription(hanging!, { name: 'hanging' }),
        subscription(refusing!, { name: 'refusing' }),
        subscription(slow!, { name: 'slow' }),
        subscription(busy!, { name: 'busy' }),
        subscription({ url: `http://127.0.0.1:${port}/` }, { name: 'rubbish' }),
        subscription(well!),
      ],
      { outbound: { ...QUICK, within: 1000 } },
    );
    await bench.publish('default', ticks(1, 2, 3));
    for (const service of [well!, refusing!, slow!])
      await until(() => numbers(service.heard)).toEqual([1, 2, 3]);
    await until(() => hanging!.asked.length).toBeGreaterThan(1);
    expect(hanging!.heard).toEqual([]);
    isHanging = false;
    for (const service of [hanging!, busy!]) await until(() => numbers(service.heard)).toEqual([1, 2, 3]);
    expect(askedAt[1]! - askedAt[0]!).toBeGreaterThan(950);
    expect(numbers(refusing!.asked)).toEqual([1, 1, 1, 1, 2, 3]);
    await until(async () => (await rowOf(bench.log, 'rubbish'))?.failing).toMatchObject({
      seq: 1,
      why: 'no answer: HTTPParserError',
    });
  });

  test('gives an event up after its hours; that is a dead letter, which can be sent again, unless it was erased', async () => {
    const service = await startService();
    const bench = await startOutbound([subscription(service, { retryHours: AT_ONCE })]);
    await execution(bench, 'e1', ['alice']);
    await until(() => service.heard.length).toBe(1);
    service.answer = () => Promise.reject(new Error('no'));
    const secret = message('e1', 'a secret');
    await bench.publish('default', [tick(1), secret]);
    await until(async () => (await asked(bench, 'dead-letters')).letters.length).toBe(2);
    const { letters } = await asked(bench, 'dead-letters');
    expect(letters[0]).toEqual({
      letter: 1,
      kept: expect.any(String),
      subscription: 'billing',
      reason: 'undelivered_event',
      about: [expect.stringMatching(/^x:tick test\/fact-\d+#1$/)],
      error: expect.stringMatching(/^status 500, after [12] attempts$/),
      size: expect.any(Number),
    });
    const replay = (letter: number) => asked(bench, `dead-letters/${letter}/replay`, 'POST');
    expect(await replay(1)).toEqual({ letter: 1, status: 'kept', why: 'status 500' });
    service.answer = () => undefined;
    await bench.publish('default', [tick(2)]);
    await until(() => numbers(service.heard.slice(1))).toEqual([2]);
    const { messageId } = secret.data as { messageId: string };
    await bench.publish('default', [fact('data:erased', { messageId })]);
    expect(await replay(1)).toEqual({ letter: 1, status: 'replayed' });
    expect(await replay(2)).toEqual({ letter: 2, status: 'kept', why: 'It was erased.' });
    await until(() => service.heard.map(({ event }) => event.type)).toEqual(
      expect.arrayContaining(['execution:created', 'x:tick', 'data:erased', 'x:tick']),
    );
    expect(service.heard.find(({ event }) => event.data.n === 1)!.id).toBe(service.asked[1]!.id);
    expect(JSON.stringify(service.heard)).not.toContain('a secret');
    expect(
      (await asked(bench, 'dead-letters')).letters.map(({ letter }: { letter: number }) => letter),
    ).toEqual([2]);
    expect(await figure(bench, 'subscription_attempts_total', 'outcome="given_up"')).toBe(2);
    expect(await figure(bench, 'dead_letters_total', 'reason="undelivered_event"')).toBe(2);
  });

  test('never tells what was erased while it waited', async () => {
    const service = await startService();
    service.answer = () => Promise.reject(new Error('no'));
    const bench = await startOutbound([subscription(service, { types: ['message:*'] })]);
    await execution(bench, 'e1', ['alice']);
    const said = message('e1', 'a secret');
    await bench.publish('default', [said, message('e1', 'no secret')]);
    await until(() => service.asked.length).toBeGreaterThan(1);
    const { messageId } = said.data as { messageId: string };
    await bench.publish('default', [fact('data:erased', { messageId })]);
    service.answer = () => undefined;
    // What was under way may arrive; what is read after it is the log as it is.
    await until(() => service.heard.at(-1)?.event.type).toBe('data:erased');
    const contents = service.heard.map(({ event }) => event.data.content ?? event.data.subjects);
    expect(contents.filter((content) => content !== 'a secret')).toEqual([
      'no secret',
      [`message/${messageId}`],
    ]);
    expect(service.heard.at(-1)!.event.data.subjects).toEqual([`message/${messageId}`]);
  });

  test('begins where what comes next will be, and goes on where it was after a restart', async () => {
    const [service, later] = await Promise.all([startService(), startService()]);
    const log = await openLog();
    const first = await startOutbound([subscription(service)], { log });
    await first.publish('default', ticks(1, 2));
    await until(() => numbers(service.heard)).toEqual([1, 2]);
    service.answer = () => Promise.reject(new Error('no'));
    await first.publish('default', ticks(3));
    await until(() => service.asked.length).toBeGreaterThan(3);
    await first.close();
    // Its day goes on as well.
    const { failing } = (await rowOf(log)) as { failing: { since: string; attempts: number } };
    expect(failing).toMatchObject({ seq: 3, attempts: expect.any(Number) });
    service.answer = async () => {
      const row = (await rowOf(log)) as { failing?: { since: string; attempts: number } };
      if (row.failing && row.failing.attempts <= failing.attempts + 1) throw new Error('no');
      if (row.failing) expect(row.failing.since).toBe(failing.since);
    };
    const second = await startOutbound([subscription(service), subscription(later, { name: 'later' })], {
      log,
    });
    await second.publish('default', ticks(4));
    await until(() => numbers(service.heard)).toEqual([1, 2, 3, 4]);
    await until(() => numbers(later.heard)).toEqual([4]);
    await second.close();
    await first.publish('default', ticks(5));
    // What is taken out of the setting, the log does not wait for any more.
    await startOutbound([subscription(later, { name: 'later' })], { log });
    await until(() => numbers(later.heard)).toEqual([4, 5]);
    await until(async () => (await log.trim('default', { events: { count: 0 } })).floor).toBeGreaterThan(3);
    expect(numbers(service.heard)).toEqual([1, 2, 3, 4]);
  });

  test('tells all that there is where the log is not the one that it knew, and begins anew in another domain', async () => {
    const service = await startService();
    const log = await openLog();
    const first = await startOutbound([], { log });
    await first.publish('default', ticks(1, 2));
    await first.publish('acme', ticks(7));
    const reached = { name: 'billing', domain: 'default', holder: 'gone', epoch: 'another', seq: 1000 };
    await first.publish(OWN, [fact('subscription:reached', reached)]);
    const second = await startOutbound([subscription(service)], { log });
    await until(() => numbers(service.heard)).toEqual([1, 2]);
    await second.close();
    const third = await startOutbound([subscription(service, { domain: 'acme' })], { log });
    await third.publish('acme', ticks(8));
    await until(() => numbers(service.heard)).toEqual([1, 2, 8]);
  });

  test('goes on as well where nothing that it names comes, and the log keeps what it has still to hear', async () => {
    const service = await startService();
    const { logger, lines } = linesOf();
    const bench = await startOutbound(
      [subscription(service, { types: ['x:rare'] })],
      { logger, trimEvery: 20, outbound: { ...QUICK, noteEvery: 1 } },
      { KEEP_EVENTS: '5' },
    );
    await bench.publish('default', ticks(...Array.from({ length: 130 }, (_, n) => n)));
    await until(async () => (await rowOf(bench.log))?.seq).toBe(130);
    await service.stop();
    await bench.publish('default', [tick(1000, 'x:rare')]);
    await until(async () => (await rowOf(bench.log))?.failing).toMatchObject({ seq: 131 });
    // Up to twice as much as for everybody.
    await bench.publish('default', ticks(1, 2, 3, 4, 5, 6, 7));
    await service.start();
    await until(() => numbers(service.heard)).toEqual([1000]);
    await service.stop();
    await bench.publish('default', [
      tick(2000, 'x:rare'),
      ...ticks(...Array.from({ length: 30 }, (_, n) => n)),
    ]);
    await until(async () => (await bench.log.head('default')).floor).toBeGreaterThan(139);
    await service.start();
    await bench.publish('default', [tick(3000, 'x:rare')]);
    await until(() => numbers(service.heard)).toEqual([1000, 3000]);
    expect(lines()).toContainEqual(
      expect.objectContaining({
        level: 50,
        msg: 'events are forgotten that were still to be delivered',
        from: 138,
      }),
    );
  });

  test('tells what stands in the place of what the log has lost', async () => {
    const service = await startService();
    const { logger, lines } = linesOf();
    const { log, keep, rewind } = await openRewindable();
    const bench = await startOutbound([subscription(service)], { log, logger });
    await bench.publish('default', ticks(1));
    await until(() => numbers(service.heard)).toEqual([1]);
    await keep();
    await bench.publish('default', ticks(2, 3));
    await until(() => numbers(service.heard)).toEqual([1, 2, 3]);
    await rewind();
    await bench.publish('default', ticks(4, 5));
    await until(() => numbers(service.heard)).toEqual([1, 2, 3, 4, 5]);
    expect(lines()).toContainEqual(
      expect.objectContaining({ had: 3, from: 1, msg: expect.stringContaining('the log has lost') }),
    );
  });

  test('ends when its receiver says so (410), and goes on when an operator does', async () => {
    const service = await startService();
    service.answer = (_heard, response) => response.writeHead(410).end();
    const { logger, lines } = linesOf();
    const bench = await startOutbound([subscription(service)], { logger });
    await bench.publish('default', ticks(1));
    await until(async () => (await rowOf(bench.log))?.gone).toEqual(expect.any(String));
    await bench.publish('default', ticks(2));
    expect(numbers(service.asked)).toEqual([1]);
    expect(lines()).toContainEqual(expect.objectContaining({ level: 50, subscription: 'billing', seq: 1 }));
    const status = { name: 'billing', domain: 'default', seq: 0, behind: 2, gone: expect.any(String) };
    expect((await asked(bench, 'subscriptions')).subscriptions).toMatchObject([status]);
    service.answer = () => undefined;
    const { gone, ...rest } = status;
    const resumed = await asked(bench, 'subscriptions/billing/resume', 'POST');
    expect(resumed).toMatchObject(rest);
    expect(resumed).not.toHaveProperty('gone');
    await until(() => numbers(service.heard)).toEqual([1, 2]);
    expect(await asked(bench, 'subscriptions/nobody/resume', 'POST')).toMatchObject({
      error: { code: 'not_found' },
    });
    await until(async () => (await asked(bench, 'subscriptions')).subscriptions).toMatchObject([
      { seq: 2, behind: 0 },
    ]);
  });

  test('is delivered by one node at a time, and by the other one when that stops', async () => {
    const service = await startService();
    const log = await openLog();
    const nodes = [
      await startOutbound([subscription(service)], { log }),
      await startOutbound([subscription(service)], { log }),
    ];
    for (let n = 1; n <= 20; n++) await nodes[n % 2]!.publish('default', ticks(n));
    await until(() => service.asked.length).toBe(20);
    const delivering = await Promise.all(
      nodes.map((node) => figure(node, 'subscription_attempts_total', 'outcome="delivered"')),
    );
    expect(delivering.filter((count) => count === 20)).toHaveLength(1);
    const first = nodes[delivering.indexOf(20)]!;
    await first.close();
    await first.publish('default', ticks(21));
    await until(() => numbers(service.heard)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  test('is told again where it could not be noted that it was told, under the same id', async () => {
    const service = await startService();
    const log = await openLog();
    /** The node that can neither note anything nor renew its lease. */
    let cut: unknown;
    const start = (name: string) =>
      startOutbound(
        [subscription(service)],
        {
          outbound: { ...QUICK, leaseEvery: 100 },
          log: troubled(log, {
            append: (append) => async (domain, groups) => {
              if (cut === name && domain === OWN) throw new Error('the log is out of reach');
              return append(domain, groups);
            },
          }),
        },
        { INSTANCE_ID: name },
      );
    const one = await start('one');
    await start('two');
    await one.publish('default', ticks(1));
    await until(async () => (await rowOf(log))?.seq).toBe(1);
    service.answer = async ({ event }) => {
      // The one that is delivering has noted where it began.
      if (event.data.n === 2) cut ??= String((await rowOf(log))!.holder).split('/')[0];
    };
    await one.publish('default', ticks(2));
    const told = () => service.heard.filter(({ event }) => event.data.n === 2);
    await until(() => told().length).toBeGreaterThan(1);
    cut = 'nobody';
    expect(new Set(told().map(({ id }) => id)).size).toBe(1);
    await one.publish('default', ticks(3));
    await until(() => [...new Set(numbers(service.heard))]).toEqual([1, 2, 3]);
  });
});

test('How far a subscription has come is written by one node, as long as no other one has', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  let isLost = false;
  const forgetful: Publish = async (...call) => {
    const answer = await publish(...call);
    if (isLost) throw new Error('the answer is lost');
    return answer;
  };
  const frozen = createProgress('billing', { log, publish: forgetful, holder: 'one' });
  const next = createProgress('billing', { log, publish, holder: 'two' });
  const at = (seq: number) => ({ domain: 'default', epoch: 'e', seq });
  expect(await frozen.read()).toBeUndefined();
  await frozen.note(at(1));
  // What was written and not acknowledged is this node's own.
  isLost = true;
  await expect(frozen.note(at(2))).rejects.toThrow();
  isLost = false;
  await frozen.note(at(3));
  expect(await next.read()).toMatchObject(at(3));
  await next.note(at(9));
  await expect(frozen.note(at(4))).rejects.toThrow(Overtaken);
  expect(await rowOf(log)).toMatchObject({ ...at(9), holder: 'two' });
});

describe('A receiver', () => {
  const message = { id: 'evt_1', body: '{"a":"é"}' };

  test('is asked by every secret, once each, as the official library checks', async () => {
    const old = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    const services = await Promise.all([startService(), startService(old)]);
    for (const { url } of services)
      expect(await createReceiver({ url, secrets: [SECRET, old] })(message)).toEqual({ is: 'taken' });
    const { headers } = services[0]!.heard[0]!;
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
    const strangers = await startService(`whsec_${Buffer.alloc(24, 2).toString('base64')}`);
    expect(await createReceiver({ url: strangers.url, secrets: [old] })(message)).toMatchObject({
      is: 'failed',
    });
  });

  test('says for how long it wants to be left alone, at most an hour; a redirect goes nowhere', async () => {
    const [service, elsewhere] = await Promise.all([startService(), startService()]);
    const receive = createReceiver({ url: service.url, secrets: [SECRET] });
    const answers = [
      { status: 429, after: '2', retryAfter: 2000 },
      { status: 503, after: '999999', retryAfter: 3_600_000 },
      { status: 503, after: 'soon', retryAfter: undefined },
      { status: 503, after: new Date(0).toUTCString(), retryAfter: 0 },
    ];
    for (const { status, after, retryAfter } of answers) {
      service.answer = (_heard, response) => response.writeHead(status, { 'retry-after': after }).end();
      expect(await receive(message)).toEqual({
        is: 'failed',
        why: `status ${status}`,
        ...(retryAfter !== undefined && { retryAfter }),
      });
    }
    for (const status of [301, 307, 308]) {
      service.answer = (_heard, response) => response.writeHead(status, { location: elsewhere.url }).end();
      expect(await receive(message)).toEqual({ is: 'failed', why: `status ${status}` });
    }
    expect(elsewhere.asked).toEqual([]);
  });
});

describe('What a subscription hears', () => {
  const entry = (type: string, rooms: string[], left: string[] = [], subject = 'task/1') =>
    ({
      seq: 1,
      subject,
      rooms,
      left,
      open: true,
      body: JSON.stringify({ id: 'a#1', type, time: 'now', rooms, left, data: { secret: 1 } }),
    }) as Parameters<ReturnType<typeof createSelection>['take']>[0];
  const hears = (wanted: Parameters<typeof createSelection>[0], ...one: Parameters<typeof entry>) =>
    createSelection(wanted).take(entry(...one));

  test('is named by types and rooms, or their beginnings', () => {
    const alice = { rooms: ['user:alice', 'process:*'] };
    expect(hears({}, 'task:created', [])).toBeDefined();
    expect(hears(alice, 'task:created', [])).toBeUndefined();
    expect(hears(alice, 'task:created', ['user:bob'])).toBeUndefined();
    expect(hears(alice, 'task:created', ['user:bob', 'process:7'])).toBeDefined();
    expect(hears({ ...alice, types: ['task:*'] }, 'task:created', ['process:7'])).toBeDefined();
    expect(hears({ ...alice, types: ['task:completed'] }, 'task:created', ['process:7'])).toBeUndefined();
    expect(createSelection(alice).rooms).toBeUndefined();
    expect(createSelection({ rooms: ['user:alice'] }).rooms).toEqual(['user:alice']);
  });

  test('of what has left its rooms is that it has, and no more', () => {
    const left = hears({ rooms: ['user:a*'] }, 'task:assigned', ['user:bob'], ['user:alice', 'user:carol']);
    expect(left?.left).toEqual(['user:alice']);
    expect(
      hears({ rooms: ['user:bob'] }, 'task:assigned', ['user:bob'], ['user:alice'])?.left,
    ).toBeUndefined();
  });

  test('is never of the book-keeping, or erased; that something was erased it hears whatever it names', () => {
    for (const kind of ['command', 'lease', 'dead-letter', 'source', 'relay', 'revocation', 'subscription'])
      expect(hears({}, `${kind}:any`, [], [], `${kind}/1`)).toBeUndefined();
    expect(
      createSelection({}).take({ ...entry('task:created', []), erased: true, body: '' }),
    ).toBeUndefined();
    expect(hears({ types: ['payment:*'] }, 'data:erased', [], [], 'erasure/1')).toBeDefined();
    const elsewhere = { types: ['payment:*'], rooms: ['user:bob'] };
    expect(hears(elsewhere, 'data:erased', ['user:alice'], [], 'erasure/1')).toBeUndefined();
  });
});

describe('The setting of subscriptions', () => {
  const read =
    (...list: object[]) =>
    () =>
      readConfig({ JWT_SECRET, ...subscriptions(...list) });
  const right = { name: 'a', url: 'https://a.example/hooks', secrets: [SECRET] };

  test('takes what names somebody', () => {
    expect(read(right)().SUBSCRIPTIONS).toEqual([{ ...right, retryHours: 24 }]);
    const more = {
      types: ['x:*', 'x:shipped', 'payment:*', 'data:erased', '*'],
      rooms: ['process:*', 'user:a'],
    };
    expect(read({ ...right, ...more })().SUBSCRIPTIONS).toHaveLength(1);
  });

  test.each<[string, object, RegExp]>([
    ['no address', { url: 'a.example' }, /SUBSCRIPTIONS: 0.url/],
    ['another protocol', { url: 'file:///etc/passwd' }, /0.url/],
    [
      'an account in the address',
      { url: 'https://a:hush@a.example' },
      /0.url: must have no user or password/,
    ],
    ['no secret', { secrets: [] }, /0.secrets/],
    ['a secret that is none', { secrets: ['hush'] }, /0.secrets.0/],
    ['a type that there is not', { types: ['payments:*'] }, /0.types.0/],
    ['a type of the book-keeping', { types: ['lease:taken'] }, /0.types.0/],
    ['a room that is none', { rooms: ['room:1'] }, /0.rooms.0/],
    ['all rooms', { rooms: ['*'] }, /0.rooms.0/],
    ['no patience', { retryHours: 0 }, /0.retryHours/],
    ['something else', { retries: 3 }, /retries/],
  ])('says what is wrong: %s', (_what, more, error) => {
    expect(read({ ...right, ...more })).toThrow(error);
    expect(read({ ...right, ...more })).not.toThrow(/hush/);
  });

  test('has one of a name', () => {
    expect(read(right, right)).toThrow(/two subscriptions have one name/);
  });
});
