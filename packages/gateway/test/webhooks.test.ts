import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config/config.ts';
import { webhookAnswer } from '../src/http/answers.ts';
import { ask, type Bench, execution, get, heard, JWT_SECRET, startBench, until } from './support/gateway.ts';
import { linesOf } from './support/lines.ts';
import { useLogs } from './support/logs.ts';

const LOGS = useLogs();

const key = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
const [OLD, NEW, FOREIGN] = [key('o'), key('n'), key('f')];
const STRIPE = 'whsec_a secret of stripe, as text';
const BANK = { name: 'bank', scheme: 'standard', secrets: [OLD] };
const CARDS = { name: 'cards', scheme: 'stripe', secrets: [STRIPE] };
const webhooks = (...list: object[]) => ({ WEBHOOKS: JSON.stringify(list) });
const both = webhooks(BANK, CARDS);

const NOW = () => Math.floor(Date.now() / 1000);
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
const BASE = { paymentId: 'p1', amount: 1250, currency: 'EUR', executionId: 'e1' };

async function send(bench: Bench, name: string, body: string, headers: object) {
  const answer = await fetch(`${bench.url}/v1/webhooks/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: answer.status, body: (await answer.json()) as any };
}

/** The headers of a Standard Webhook, signed by the official library. */
function signed(body: string, { id = 'm1', secret = OLD, time = NOW() } = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': `${time}`,
    'webhook-signature': new Webhook(secret).sign(id, new Date(time * 1000), body),
  };
}

const standardBody = (status: string, data: object = {}, second = 0) =>
  JSON.stringify({ type: `payment.${status}`, timestamp: at(second), data: { ...BASE, ...data } });

const say = (bench: Bench, id: string, status: string, data: object = {}, second = 0, name = 'bank') => {
  const body = standardBody(status, data, second);
  return send(bench, name, body, signed(body, { id }));
};

/** Stripe's header, made by the official library. */
const stripeSigned = (payload: string, { secret = STRIPE, timestamp = NOW() } = {}) => ({
  'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
});

const CREATED = 1_767_268_800;
/** An event of Stripe, with more in it than is looked at. */
const stripeEvent = (id: string, type: string, object: object, second = 0) =>
  JSON.stringify({
    id,
    object: 'event',
    api_version: '2026-01-28',
    created: CREATED + second,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    data: {
      object: {
        currency: 'eur',
        created: CREATED,
        description: 'Two chairs',
        metadata: { executionId: 'e1', processInstanceId: 'i1', payer: 'alice', order: '7' },
        ...object,
      },
    },
  });
const intent = (more: object = {}) => ({
  id: 'pi_1',
  object: 'payment_intent',
  amount: 1250,
  amount_received: 0,
  cancellation_reason: null,
  last_payment_error: null,
  payment_method_types: ['card'],
  ...more,
});
const charge = (refunded: number) => ({
  id: 'ch_1',
  object: 'charge',
  payment_intent: 'pi_1',
  amount: 1250,
  amount_captured: 1250,
  amount_refunded: refunded,
  refunded: refunded === 1250,
  payment_method_details: { type: 'card', card: { last4: '4242' } },
});
const stripeSays = (bench: Bench, ...event: Parameters<typeof stripeEvent>) => {
  const body = stripeEvent(...event);
  return send(bench, 'cards', body, stripeSigned(body));
};

const rowOf = async (bench: Bench, paymentId: string, domain = 'default') => {
  const [row] = await bench.log.rows(domain, [`payment/${paymentId}`]);
  return row && (JSON.parse(row.body) as RealtimeEvent).data;
};

describe.each(LOGS)('A payment on %s', (_name, open) => {
  test('comes by a webhook, and is told once, whole, with both events, where it belongs', async () => {
    const bench = await startBench(both, { log: await open() });
    await execution(bench, 'e1', ['bob']);
    const bob = await bench.plain('bob');
    await ask(bob, 'join-execution', 'e1');
    const carol = await bench.plain('carol');
    await heard(carol, 'ready');
    const told: unknown[][] = [];
    bob.onAny(
      (type, data, meta) => type.startsWith('payment:') && told.push([type, data.status, meta.subject]),
    );
    carol.onAny((type) => type.startsWith('payment:') && told.push(['carol']));
    expect(await say(bench, '1', 'initiated')).toEqual({ status: 200, body: { status: 'new' } });
    expect(await say(bench, '1', 'initiated')).toEqual({ status: 200, body: { status: 'known' } });
    await say(bench, '2', 'succeeded', {}, 5);
    // The same, and one that was late, are no news.
    await say(bench, '2', 'succeeded', {}, 5);
    expect(await say(bench, '3', 'pending', {}, 2)).toEqual({ status: 200, body: { status: 'new' } });
    await say(bench, '4', 'refunded', {}, 6);
    await until(() => told.length).toBe(5);
    expect(told).toEqual([
      ['payment:initiated', 'initiated', 'payment/p1'],
      ['payment:status', 'initiated', 'payment/p1'],
      ['payment:confirmed', 'succeeded', 'payment/p1'],
      ['payment:status', 'succeeded', 'payment/p1'],
      ['payment:status', 'refunded', 'payment/p1'],
    ]);
    expect(await rowOf(bench, 'p1')).toEqual({
      ...BASE,
      provider: 'bank',
      status: 'refunded',
      initiated: at(0),
      updated: at(6),
      ended: at(6),
    });
  });
});

describe('A provider by Standard Webhooks', () => {
  test.each([
    ['another secret', (body: string) => [body, signed(body, { secret: FOREIGN })]],
    ['a body that was changed', (body: string) => [body.replace('1250', '9250'), signed(body)]],
    ['a body that says the same in other bytes', (body: string) => [`${body} `, signed(body)]],
    ['another id', (body: string) => [body, { ...signed(body), 'webhook-id': 'm2' }]],
    ['another time', (body: string) => [body, { ...signed(body), 'webhook-timestamp': `${NOW() + 1}` }]],
    ['a time that was long ago', (body: string) => [body, signed(body, { time: NOW() - 310 })]],
    ['a time that is far ahead', (body: string) => [body, signed(body, { time: NOW() + 310 })]],
    ['no time', (body: string) => [body, { ...signed(body), 'webhook-timestamp': '' }]],
    ['no id', (body: string) => [body, { ...signed(body), 'webhook-id': '' }]],
    ['an empty signature', (body: string) => [body, { ...signed(body), 'webhook-signature': 'v1,' }]],
    ['no signature', (body: string) => [body, {}]],
    ['no body', (body: string) => ['', signed(body)]],
    ['a signature of the other scheme', (body: string) => [body, stripeSigned(body, { secret: OLD })]],
  ] as [string, (body: string) => [string, object]][])('is not believed with %s', async (_what, make) => {
    const bench = await startBench(both);
    const answer = await send(bench, 'bank', ...make(standardBody('succeeded')));
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'signature_invalid' } } });
    expect(await rowOf(bench, 'p1')).toBeUndefined();
    // A name that is not there is not found out by the answer.
    expect(await send(bench, 'nobody', ...make(standardBody('succeeded')))).toEqual(answer);
  });

  test('may be a little late, and sign by several', async () => {
    const bench = await startBench(both);
    const body = standardBody('succeeded');
    const headers = signed(body, { time: NOW() - 200 });
    headers['webhook-signature'] =
      `v1a,${'x'.repeat(40)} v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`;
    expect(await send(bench, 'bank', body, headers)).toMatchObject({ status: 200, body: { status: 'new' } });
  });

  test('changes its secret without a gap', async () => {
    const accepted = async (...secrets: string[]) => {
      const bench = await startBench(webhooks({ ...BANK, secrets }));
      const body = standardBody('succeeded');
      const answers = await Promise.all(
        [OLD, NEW].map((secret) => send(bench, 'bank', body, signed(body, { id: secret, secret }))),
      );
      return answers.map(({ status }) => status);
    };
    expect(await accepted(OLD)).toEqual([200, 401]);
    expect(await accepted(NEW, OLD)).toEqual([200, 200]);
    expect(await accepted(NEW)).toEqual([401, 200]);
  });

  test('is answered that something else is ignored, so that it does not come again', async () => {
    const bench = await startBench(both);
    for (const type of ['invoice.paid', 'payment.thought_of', 'payment.constructor', 'payment.']) {
      const body = JSON.stringify({ type, timestamp: at(0), data: 5 });
      const answer = await send(bench, 'bank', body, signed(body));
      expect(answer).toEqual({ status: 200, body: { status: 'ignored' } });
      expect(webhookAnswer.strict().safeParse(answer.body).success).toBe(true);
    }
    expect((await bench.log.head('default')).seq).toBe(0);
  });

  test.each([
    ['{"half":', 400, 'invalid', undefined],
    ['[]', 400, 'invalid', undefined],
    [`${'['.repeat(40)}${']'.repeat(40)}`, 400, 'invalid', undefined],
    [JSON.stringify({ type: 'payment.failed', timestamp: 'now', data: BASE }), 400, 'invalid', 'timestamp'],
    [JSON.stringify({ type: 'payment.failed', timestamp: at(0) }), 400, 'invalid', 'data'],
    [standardBody('failed', { amount: '12' }), 400, 'invalid', 'data.amount'],
    [standardBody('failed', { currency: 'eur' }), 400, 'invalid', 'data.currency'],
    [standardBody('failed', { description: '4242 4242 4242 4242' }), 422, 'card_number', 'data.description'],
    [standardBody('failed', { failure: 'x'.repeat(300_000) }), 413, 'too_large', undefined],
  ])('is told what is wrong with %.40s', async (body, status, code, field) => {
    const bench = await startBench(both);
    const answer = await send(bench, 'bank', body, signed(body));
    expect(answer).toMatchObject({ status, body: { error: { code, ...(field ? { field } : {}) } } });
    expect(JSON.stringify(answer)).not.toContain('4242');
    expect((await bench.log.head('default')).seq).toBe(0);
  });

  test('is told of a time that no calendar has', async () => {
    const bench = await startBench(both);
    for (const seconds of [8_640_000_000_001, Number.MAX_SAFE_INTEGER - CREATED])
      expect(await stripeSays(bench, 'evt_1', 'payment_intent.created', intent(), seconds)).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid', field: 'created' } },
      });
  });

  test('is told of an amount that contradicts what was paid', async () => {
    const bench = await startBench(both);
    await say(bench, '1', 'succeeded');
    expect(await say(bench, '2', 'succeeded', { amount: 12 }, 1)).toMatchObject({
      status: 409,
      body: { error: { code: 'payment_mismatch', field: 'data.amount' } },
    });
    expect(await rowOf(bench, 'p1')).toMatchObject({ amount: 1250 });
  });

  test('speaks in its own domain, and as its own source', async () => {
    const bench = await startBench(
      webhooks({ ...BANK, domain: 'acme', source: 'bank/eu' }, { ...BANK, name: 'other' }),
    );
    await say(bench, '1', 'succeeded');
    // The same id of another source is another event.
    expect(await say(bench, '1', 'failed', { paymentId: 'p2' }, 0, 'other')).toMatchObject({
      body: { status: 'new' },
    });
    expect(await rowOf(bench, 'p1')).toBeUndefined();
    expect(await rowOf(bench, 'p1', 'acme')).toMatchObject({ status: 'succeeded', provider: 'bank' });
    expect(await rowOf(bench, 'p2')).toMatchObject({ status: 'failed', provider: 'other' });
    const { entries } = await bench.log.read('acme', { after: 0, limit: 1 });
    expect(entries[0]!.body).toContain('"bank/eu/1#1"');
  });

  test('is held to origins and limits, and its refusals are in the audit without what it sent', async () => {
    const { logger, lines } = linesOf();
    const bench = await startBench({ ...both, AUDIT: 'on', LIMIT_HTTP_REQUESTS: '2/0.01' }, { logger });
    const body = standardBody('succeeded');
    expect(
      await send(bench, 'bank', body, { ...signed(body), origin: 'https://evil.example' }),
    ).toMatchObject({
      status: 403,
      body: { error: { code: 'origin_refused' } },
    });
    await send(bench, 'bank', body, signed(body, { secret: FOREIGN }));
    await send(bench, 'bank', body, signed(body));
    expect(await send(bench, 'bank', body, signed(body))).toMatchObject({
      status: 429,
      body: { error: { code: 'too_many_requests' } },
    });
    const said = lines();
    expect(said).toContainEqual(
      expect.objectContaining({ audit: true, what: 'POST /v1/webhooks/:name', result: 'signature_invalid' }),
    );
    expect(JSON.stringify(said)).not.toContain('1250');
  });
});

describe('Stripe', () => {
  test('tells of a payment from its beginning to its refund', async () => {
    const bench = await startBench(both);
    const steps: [string, string, object, object][] = [
      ['payment_intent.created', 'initiated', intent(), {}],
      ['payment_intent.requires_action', 'action_required', intent(), {}],
      ['payment_intent.processing', 'pending', intent(), {}],
      [
        'payment_intent.payment_failed',
        'failed',
        intent({ last_payment_error: { code: 'card_declined', message: 'Your card was declined.' } }),
        { failure: 'Your card was declined.' },
      ],
      [
        'payment_intent.canceled',
        'cancelled',
        intent({ cancellation_reason: 'abandoned' }),
        { failure: 'abandoned' },
      ],
      ['payment_intent.succeeded', 'succeeded', intent({ amount: 1300, amount_received: 1250 }), {}],
      ['charge.refunded', 'partially_refunded', charge(100), {}],
      ['charge.refunded', 'refunded', charge(1250), {}],
    ];
    for (const [n, [type, status, object, more]] of steps.entries()) {
      expect(await stripeSays(bench, `evt_${n}`, type, object, n)).toEqual({
        status: 200,
        body: { status: 'new' },
      });
      expect(await rowOf(bench, 'pi_1')).toEqual({
        paymentId: 'pi_1',
        status,
        amount: 1250,
        currency: 'EUR',
        executionId: 'e1',
        processInstanceId: 'i1',
        payer: 'alice',
        provider: 'cards',
        method: 'card',
        description: 'Two chairs',
        initiated: at(0),
        updated: at(n),
        ...(n > 2 ? { ended: at(n) } : {}),
        ...more,
      });
    }
  });

  test('may tell it in any order and several times, and it comes to the same', async () => {
    const events: Parameters<typeof stripeEvent>[] = [
      ['evt_0', 'payment_intent.created', intent(), 0],
      ['evt_1', 'payment_intent.processing', intent(), 1],
      ['evt_2', 'payment_intent.succeeded', intent({ amount_received: 1250 }), 1],
      ['evt_3', 'charge.refunded', charge(300), 3],
    ];
    const rows = [];
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0, 3],
      [2, 0, 2, 3, 1, 0],
      [3, 0, 1, 2],
    ]) {
      const bench = await startBench(both);
      const statuses: string[] = [];
      for (const n of order) {
        const { body } = await stripeSays(bench, ...events[n]!);
        statuses.push(body.status);
      }
      expect(statuses.filter((status) => status === 'new').length).toBe(4);
      rows.push(await rowOf(bench, 'pi_1'));
    }
    for (const row of rows) expect(row).toEqual(rows[0]);
    expect(rows[0]).toMatchObject({ status: 'partially_refunded', initiated: at(0), updated: at(3) });
  });

  const raw = (body: string, time: number | string, secret = STRIPE) =>
    createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  test.each([
    ['another secret', (body: string) => stripeSigned(body, { secret: NEW })],
    ['another body', (body: string) => stripeSigned(`${body} `)],
    ['a time that was long ago', (body: string) => stripeSigned(body, { timestamp: NOW() - 310 })],
    ['a time that is far ahead', (body: string) => stripeSigned(body, { timestamp: NOW() + 310 })],
    ['no header', () => ({})],
    ['no time', (body: string) => ({ 'stripe-signature': `v1=${raw(body, '')}` })],
    ['two times', (body: string) => ({ 'stripe-signature': `t=1,t=${NOW()},v1=${raw(body, NOW())}` })],
    ['a time that is no number', (body: string) => ({ 'stripe-signature': `t=NaN,v1=${raw(body, 'NaN')}` })],
    ['the scheme of tests', (body: string) => ({ 'stripe-signature': `t=${NOW()},v0=${raw(body, NOW())}` })],
    [
      'half a signature',
      (body: string) => ({ 'stripe-signature': `t=${NOW()},v1=${raw(body, NOW()).slice(32)}` }),
    ],
  ] as [string, (body: string) => object][])('is not believed with %s', async (_what, make) => {
    const bench = await startBench(both);
    const body = stripeEvent('evt_1', 'payment_intent.created', intent());
    expect(await send(bench, 'cards', body, make(body))).toMatchObject({
      status: 401,
      body: { error: { code: 'signature_invalid' } },
    });
    expect((await bench.log.head('default')).seq).toBe(0);
  });

  test('may sign by several secrets while one is changed', async () => {
    const bench = await startBench(both);
    const body = stripeEvent('evt_1', 'payment_intent.created', intent());
    const now = NOW();
    const header = `t=${now},v1=${raw(body, now, NEW)},v1=${raw(body, now)},v0=${raw(body, 0)}`;
    expect(await send(bench, 'cards', body, { 'stripe-signature': header })).toMatchObject({ status: 200 });
  });

  test('is answered that other events are ignored, and told of a field that it lacks', async () => {
    const bench = await startBench(both);
    for (const type of ['customer.created', 'payment_intent.partially_funded', 'constructor'])
      expect(await stripeSays(bench, 'evt_1', type, { object: 'customer' })).toEqual({
        status: 200,
        body: { status: 'ignored' },
      });
    expect(await stripeSays(bench, 'evt_2', 'payment_intent.created', { id: 'pi_1' })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid', field: 'data.object.amount' } },
    });
    expect(
      await stripeSays(
        bench,
        'evt_3',
        'payment_intent.created',
        intent({ description: 'card 4242424242424242' }),
      ),
    ).toMatchObject({ status: 422, body: { error: { code: 'card_number', field: 'data.description' } } });
    expect((await bench.log.head('default')).seq).toBe(0);
  });
});

describe('Who pays', () => {
  test('is let in to nothing by that; who is there hears of it', async () => {
    const bench = await startBench(both);
    await execution(bench, 'e1', ['bob']);
    const [alice, bob] = [await bench.plain('alice'), await bench.plain('bob')];
    await Promise.all([heard(alice, 'ready'), heard(bob, 'ready')]);
    expect(await ask(bob, 'join-execution', 'e1')).toMatchObject({ success: true });
    const status = heard(bob, 'payment:status');
    await stripeSays(bench, 'evt_0', 'payment_intent.created', intent(), 0);
    expect((await status)[0]).toMatchObject({ paymentId: 'pi_1', status: 'initiated', payer: 'alice' });
    expect(await ask(alice, 'join-execution', 'e1')).toMatchObject({ error: { code: 'forbidden' } });
    expect((await get(bench, '/v1/state?room=user:alice', 'alice')).rows).toEqual([]);
  });

  test('can be erased: the payment is said anew without them', async () => {
    const bench = await startBench(both);
    await stripeSays(bench, 'evt_0', 'payment_intent.succeeded', intent({ amount_received: 1250 }), 0);
    const time = new Date().toISOString();
    const fact = { source: 'test', id: 'erase', type: 'data:erased', time, data: { user: 'alice' } };
    await bench.publish('default', [fact]);
    const row = await rowOf(bench, 'pi_1');
    expect(row).toMatchObject({ paymentId: 'pi_1', status: 'succeeded', executionId: 'e1' });
    expect(row).not.toHaveProperty('payer');
  });
});

describe('The setting WEBHOOKS', () => {
  test.each([
    ['{}', 'WEBHOOKS: '],
    ['[', 'WEBHOOKS: is no JSON'],
    [[{ ...BANK, name: 'a b' }], 'WEBHOOKS: 0.name: '],
    [[{ ...BANK, scheme: 'other' }], 'WEBHOOKS: 0.scheme: '],
    [[{ ...BANK, secrets: [] }], 'WEBHOOKS: 0.secrets: '],
    [[BANK, { ...CARDS, secrets: [STRIPE, 'short-one'] }], 'WEBHOOKS: 1.secrets.1: '],
    [[{ ...BANK, secrets: ['plain-secret-of-no-kind'] }], 'WEBHOOKS: 0.secrets.0: '],
    [[{ ...BANK, secrets: ['whsec_c2hvcnQ='] }], 'WEBHOOKS: 0.secrets.0: '],
    [[{ ...BANK, source: 'a b' }], 'WEBHOOKS: 0.source: '],
    [[{ ...BANK, domain: '' }], 'WEBHOOKS: 0.domain: '],
    [[BANK, BANK], 'WEBHOOKS: two webhooks have one name'],
  ])('is refused with %j, by the name of the field and without a secret', (list, words) => {
    const given = typeof list === 'string' ? list : JSON.stringify(list);
    const read = () => readConfig({ JWT_SECRET, WEBHOOKS: given });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(words);
    for (const secret of [OLD, STRIPE, 'short-one', 'plain-secret', 'c2hvcnQ'])
      expect(read).not.toThrow(secret);
  });
});

test('The example of the page is taken', async () => {
  const page = await readFile(new URL('../../../docs/payments.md', import.meta.url), 'utf8');
  const [, script] = /```sh\n([\s\S]+?)```/.exec(page)!;
  const [, settings] = /WEBHOOKS='(\[[^']+\])'/.exec(page)!;
  const list = JSON.parse(settings!) as { name: string; secrets: string[] }[];
  const bench = await startBench({ WEBHOOKS: settings! });
  const secret = list.find(({ name }) => name === 'bank')!.secrets[0]!;
  const env = { ...process.env, GATEWAY: bench.url, SECRET: secret };
  const { stdout } = await promisify(execFile)('sh', ['-euc', script!], { env });
  expect(JSON.parse(stdout)).toEqual({ status: 'new' });
  expect(await rowOf(bench, 'p-4711')).toMatchObject({
    status: 'succeeded',
    amount: 1250,
    executionId: 'e1',
  });
});
