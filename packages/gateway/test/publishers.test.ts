import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { hashOfKey } from '../src/auth/publishers.ts';
import { publisherKey } from '../src/cli/publisher-key.ts';
import { readConfig } from '../src/config/config.ts';
import { type Bench, JWT_SECRET, PUBLISH_KEY, startBench } from './support/gateway.ts';

const publishers = (...list: object[]) => ({ PUBLISHERS: JSON.stringify(list) });

let ids = 0;
async function publish(bench: Bench, key: string, more: object = {}) {
  const answer = await fetch(`${bench.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      specversion: '1.0',
      id: `${++ids}`,
      source: 'shop',
      type: 'x:order',
      executionid: 'e1',
      data: {},
      ...more,
    }),
  });
  const { error } = (await answer.json()) as { error?: { code: string; field?: string } };
  return error ? `${answer.status} ${error.code} ${error.field ?? ''}`.trim() : `${answer.status}`;
}

async function relay(bench: Bench, key: string, engine: string, ...tenants: (string | undefined)[]) {
  const events = tenants.map((tenantId, i) => ({
    kind: 'process',
    event: 'start',
    id: `p${++ids}-${i}`,
    tenantId,
  }));
  const answer = await fetch(`${bench.url}/v1/engine`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ engine, commands: [{ id: `c${ids}`, committedAt: 1, events }] }),
  });
  const { error } = (await answer.json()) as { error?: { code: string; field?: string } };
  return error ? `${answer.status} ${error.code} ${error.field ?? ''}`.trim() : `${answer.status}`;
}

const signed = (claims: object) =>
  new SignJWT({ domain: 'default', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1 minute')
    .sign(new TextEncoder().encode(JWT_SECRET));

describe('A publisher', () => {
  test('is bound to its types, sources and domains, and to no others', async () => {
    const key = 'a key of the shop';
    const bench = await startBench(
      publishers({
        name: 'shop',
        keys: [hashOfKey(key)],
        types: ['x:order*', 'execution:created'],
        sources: ['shop', 'shop/*'],
        domains: ['default', 'acme'],
      }),
    );
    expect(await publish(bench, key)).toBe('201');
    expect(await publish(bench, key, { type: 'x:order.paid', source: 'shop/eu', domain: 'acme' })).toBe(
      '201',
    );
    expect(await publish(bench, key, { type: 'x:other' })).toBe('403 forbidden type');
    expect(await publish(bench, key, { source: 'shopping' })).toBe('403 forbidden source');
    expect(await publish(bench, key, { domain: 'other' })).toBe('403 forbidden domain');
    expect((await bench.log.head('other')).seq).toBe(0);
    // An engine's rows are of many types.
    expect(await relay(bench, key, 'default')).toBe('403 forbidden type');
  });

  test('publishes into its own domain where it names none', async () => {
    const key = 'a key of acme';
    const bench = await startBench(publishers({ name: 'acme', keys: [hashOfKey(key)], domains: ['acme'] }));
    expect(await publish(bench, key)).toBe('201');
    expect((await bench.log.head('acme')).seq).toBe(1);
    expect((await bench.log.head('default')).seq).toBe(0);
  });

  test('has several keys, so that one is changed without a gap', async () => {
    const keys = ['the old key', 'the new key'].map(hashOfKey);
    const bench = await startBench(publishers({ name: 'shop', keys }));
    expect([await publish(bench, 'the old key'), await publish(bench, 'the new key')]).toEqual([
      '201',
      '201',
    ]);
    const later = await startBench(publishers({ name: 'shop', keys: [keys[1]] }));
    expect(await publish(later, 'the old key')).toBe('401 key_invalid');
    expect(await publish(later, 'the new key')).toBe('201');
    // The hash is no key.
    expect(await publish(later, keys[1]!)).toBe('401 key_invalid');
  });

  test('that is an engine is bound to its name, and to the tenants of its rows', async () => {
    const key = 'a key of an engine';
    const bench = await startBench(
      publishers({
        name: 'engine',
        keys: [hashOfKey(key)],
        sources: ['engine/orders'],
        domains: ['default', 'acme'],
      }),
    );
    expect(await relay(bench, key, 'orders', undefined, 'acme')).toBe('200');
    expect(await relay(bench, key, 'default')).toBe('403 forbidden source');
    expect(await relay(bench, key, 'orders', 'acme', 'other')).toBe('403 forbidden domain');
    expect((await bench.log.head('other')).seq).toBe(0);
  });

  test('sees and decides on dead letters where it is an operator, as whoever has PUBLISH_KEY is', async () => {
    const [key, operator] = ['a key of a publisher', 'a key of an operator'];
    const bench = await startBench(
      publishers(
        { name: 'plain', keys: [hashOfKey(key)] },
        { name: 'operator', keys: [hashOfKey(operator)], operator: true },
      ),
    );
    const letters = async (given: string) =>
      (await fetch(`${bench.url}/v1/dead-letters`, { headers: { authorization: `Bearer ${given}` } })).status;
    expect([
      await letters(key),
      await letters(operator),
      await letters(PUBLISH_KEY),
      await letters('x'),
    ]).toEqual([403, 200, 200, 401]);
  });
});

describe('A token with the role publish', () => {
  test('publishes into its domain, as a source of its name', async () => {
    const bench = await startBench();
    const token = await signed({ sub: 'shop', domain: 'acme', roles: ['publish'] });
    expect(await publish(bench, token)).toBe('201');
    expect(await publish(bench, token, { source: 'shop/eu', domain: 'acme' })).toBe('201');
    expect(await publish(bench, token, { source: 'shopping' })).toBe('403 forbidden source');
    expect(await publish(bench, token, { domain: 'default' })).toBe('403 forbidden domain');
    expect((await bench.log.head('acme')).seq).toBe(2);
  });

  test('is needed: one without it, or that is none of ours, is no key', async () => {
    const bench = await startBench();
    expect(await publish(bench, await signed({ sub: 'shop' }))).toBe('401 key_invalid');
    expect(await publish(bench, await signed({ sub: 'shop', roles: ['publisher'] }))).toBe('401 key_invalid');
    expect(await publish(bench, 'a.b.c')).toBe('401 key_invalid');
    const late = await new SignJWT({ sub: 'shop', domain: 'default', roles: ['publish'], exp: 1 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(JWT_SECRET));
    expect(await publish(bench, late)).toBe('401 token_expired');
  });
});

describe('The key of a publisher', () => {
  test('is made with the entry that knows it', async () => {
    const said = publisherKey([
      '--name',
      'shop',
      '--types',
      'x:order*',
      '--sources',
      'shop',
      '--domains',
      'default',
    ]);
    const [, key, hash, entry] = /^key +(\S+)\nsha256 +(\S+)\nentry +(.+)$/.exec(said)!;
    expect(hashOfKey(key!)).toBe(hash);
    const bench = await startBench({ PUBLISHERS: `[${entry}]` });
    expect([await publish(bench, key!), await publish(bench, key!, { type: 'x:y' })]).toEqual([
      '201',
      '403 forbidden type',
    ]);
    expect(publisherKey([])).not.toContain(key);
  });

  test.each<[string, object[]]>([
    ['no hash', [{ name: 'a', keys: ['a key as it is'] }]],
    ['no key', [{ name: 'a', keys: [] }]],
    ['a name of two', [1, 2].map((n) => ({ name: 'a', keys: [hashOfKey(`${n}`)] }))],
    ['a key of two', ['a', 'b'].map((name) => ({ name, keys: [hashOfKey('1')] }))],
    ['a pattern with a * within', [{ name: 'a', keys: [hashOfKey('1')], types: ['x:*y'] }]],
    ['a word that is none', [{ name: 'a', keys: [hashOfKey('1')], type: ['x:y'] }]],
  ])('is refused at the start where its entry has %s', (_what, list) => {
    const call = () => readConfig({ JWT_SECRET, PUBLISHERS: JSON.stringify(list) });
    expect(call).toThrow('PUBLISHERS');
    // What was given by mistake in place of its hash is a secret.
    expect(call).not.toThrow('a key as it is');
  });
});
