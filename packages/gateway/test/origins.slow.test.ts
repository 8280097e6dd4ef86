import { describe, expect, test } from 'vitest';
import { type Bench, heard, PUBLISH_KEY, startBench } from './support/gateway.ts';
import { openStream } from './support/stream.ts';

const APP = 'https://app.example';
const FOREIGN = ['https://evil.example', 'null', 'http://app.example', 'https://app.example.evil.example'];

const asks: [string, (bench: Bench, headers: Record<string, string>) => Promise<Response>][] = [
  ['polling', (bench, headers) => fetch(`${bench.url}/socket.io/?EIO=4&transport=polling`, { headers })],
  ['reading', (bench, headers) => fetch(`${bench.url}/v1/state?room=user:alice`, { headers })],
  [
    'publishing',
    (bench, headers) =>
      fetch(`${bench.url}/v1/engine`, {
        method: 'POST',
        headers: {
          ...headers,
          authorization: `Bearer ${PUBLISH_KEY}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ engine: 'default', commands: [] }),
      }),
  ],
  ['what is open to anybody', (bench, headers) => fetch(`${bench.url}/live`, { headers })],
];

describe('A page', () => {
  test.each(asks)('of a foreign origin is refused, and others are not: %s', async (_what, ask) => {
    const bench = await startBench({ CLIENT_URL: APP });
    for (const origin of FOREIGN) {
      const answer = await ask(bench, { origin });
      expect([answer.status, await answer.json()]).toMatchObject([
        403,
        { error: { code: 'origin_refused' } },
      ]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    for (const origin of [APP, bench.url]) {
      const answer = await ask(bench, { origin });
      expect(answer.status).not.toBe(403);
      await answer.text();
    }
    expect((await ask(bench, {})).status).not.toBe(403);
  });

  test('of a foreign origin opens no WebSocket', async () => {
    const bench = await startBench({ CLIENT_URL: APP });
    for (const origin of FOREIGN)
      await heard(await bench.plain('alice', { extraHeaders: { origin } }), 'connect_error');
    await heard(await bench.plain('alice', { extraHeaders: { origin: APP } }), 'ready');
  });

  test('of a foreign origin does not go on with a session that another one has begun', async () => {
    const bench = await startBench({ CLIENT_URL: APP });
    const address = `${bench.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(address, { headers: { origin: APP } })).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const answer = await fetch(`${address}&sid=${sid}`, {
      method: 'POST',
      headers: { origin: FOREIGN[0]!, 'content-type': 'text/plain' },
      body: '40',
    });
    expect(answer.status).toBe(403);
  });

  test('that may ask can read the answer, a stream too, and learns before what it may send', async () => {
    const bench = await startBench({ CLIENT_URL: APP });
    const token = await bench.token('alice');
    const preflight = await fetch(`${bench.url}/v1/state`, {
      method: 'OPTIONS',
      headers: {
        origin: APP,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(APP);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization/i);
    const foreign = await fetch(`${bench.url}/v1/state`, {
      method: 'OPTIONS',
      headers: { origin: FOREIGN[0]!, 'access-control-request-method': 'GET' },
    });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    const polling = `${bench.url}/socket.io/?EIO=4&transport=polling`;
    const first = await fetch(polling, { headers: { origin: APP } });
    expect([first.status, first.headers.get('access-control-allow-origin')]).toEqual([200, APP]);
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-mine' };
    const before = await fetch(polling, { method: 'OPTIONS', headers: { origin: APP, ...asked } });
    expect([before.status, before.headers.get('access-control-allow-headers')]).toEqual([204, 'x-mine']);
    const headers = { origin: APP, authorization: `Bearer ${token}` };
    const state = await fetch(`${bench.url}/v1/state?room=user:alice`, { headers });
    expect(state.headers.get('access-control-allow-origin')).toBe(APP);
    expect(state.headers.get('vary')).toMatch(/origin/i);
    // No cookie opens anything here, so none has to be sent.
    expect(state.headers.get('access-control-allow-credentials')).toBeNull();
    const stream = await fetch(`${bench.url}/v1/events?room=user:alice`, {
      headers: { ...headers, accept: 'text/event-stream' },
    });
    expect(stream.headers.get('access-control-allow-origin')).toBe(APP);
    expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
    await stream.body!.cancel();
    expect((await openStream(bench, 'room=user:alice', token)).status).toBe(200);
  });

  test('that came over TLS is not the one that came without, where the proxy says so', async () => {
    const bench = await startBench({ TRUSTED_PROXIES: '127.0.0.1' });
    const { host } = new URL(bench.url);
    const status = async (origin: string, proto: string) =>
      (await fetch(`${bench.url}/live`, { headers: { origin, 'x-forwarded-proto': proto } })).status;
    expect(await status(`https://${host}`, 'https')).toBe(200);
    expect(await status(`http://${host}`, 'http')).toBe(200);
    expect(await status(`http://${host}`, 'https')).toBe(403);
  });
});

test('Every answer tells browsers to be careful with it, and what is for one person is not kept', async () => {
  const bench = await startBench();
  for (const path of ['/live', '/v1/state', '/nothing']) {
    const { headers } = await fetch(bench.url + path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
  expect((await fetch(`${bench.url}/v1/state`)).headers.get('cache-control')).toBe('no-store');
});
