import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ask, type Bench, execution, heard, PUBLISH_KEY, startBench, until } from './support/gateway.ts';
import { openStream } from './support/stream.ts';
import { upgradeAt } from './support/upgrade.ts';

const tooMany = { code: 'too_many_requests', retryable: true, retryAfter: expect.any(Number) };

/** A polling session that has been begun, and has yet to say who it is. */
const knock = (bench: Bench, headers: Record<string, string> = {}) =>
  fetch(`${bench.url}/socket.io/?EIO=4&transport=polling`, { headers });
const sidOf = async (answer: Response): Promise<string> =>
  (JSON.parse((await answer.text()).slice(1)) as { sid: string }).sid;

describe('A handshake beyond the limit is refused with 429 and when to come back:', () => {
  test('of an address, over polling and WebSocket alike', async () => {
    const bench = await startBench({ LIMIT_HANDSHAKES_ADDRESS: '2/0.01' });
    expect((await knock(bench)).status).toBe(200);
    await heard(await bench.plain('alice'), 'ready');
    const polling = await knock(bench);
    expect(polling.status).toBe(429);
    expect(Number(polling.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await polling.json()).toMatchObject({ error: tooMany });
    const upgrade = await upgradeAt(bench.url);
    expect(upgrade).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/);
    expect(upgrade).toMatch(/\r\nretry-after: \d+\r\n/);
    expect(upgrade).toContain('"code":"too_many_requests"');
  });

  test('of the node, whatever address it is', async () => {
    const bench = await startBench({ LIMIT_HANDSHAKES_NODE: '2/0.01', TRUSTED_PROXIES: '127.0.0.1' });
    const from = (address: string) => knock(bench, { 'x-forwarded-for': address });
    const answers = [await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.3')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  test('of addresses that a named proxy tells of, each by itself', async () => {
    const bench = await startBench({ LIMIT_HANDSHAKES_ADDRESS: '1/0.01', TRUSTED_PROXIES: '127.0.0.1' });
    const from = (address: string) => knock(bench, { 'x-forwarded-for': address });
    const answers = [await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.1')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  test('and what anybody else says of its address is not believed', async () => {
    const bench = await startBench({ LIMIT_HANDSHAKES_ADDRESS: '1/0.01' });
    const from = (address: string) => knock(bench, { 'x-forwarded-for': address });
    const answers = [await from('192.0.2.1'), await from('192.0.2.2')];
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
  });
});

describe('Connections', () => {
  test('of a person are counted, sockets and streams alike, and are free again when they end', async () => {
    const bench = await startBench({ LIMIT_CONNECTIONS_USER: '2' });
    await execution(bench, 'e1', ['alice']);
    const first = await bench.plain('alice');
    await heard(first, 'ready');
    const stream = await openStream(bench, 'room=execution:e1', await bench.token('alice'));
    await until(() => stream.named('ready').length).toBe(1);
    const third = await bench.sdk('alice');
    expect((await heard(third, 'connect_error'))[0]).toMatchObject({ data: tooMany });
    const fourth = await fetch(`${bench.url}/v1/events?room=execution:e1`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${await bench.token('alice')}` },
    });
    expect([fourth.status, await fourth.json()]).toMatchObject([429, { error: tooMany }]);
    // Somebody else, and somebody of that name in another domain, is somebody else.
    await heard(await bench.plain('bob'), 'ready');
    await heard(await bench.plain('alice', { domain: 'other' }), 'ready');

    first.disconnect();
    stream.stop();
    await until(async () => {
      // Each is listened to from its beginning.
      const both = await Promise.all(
        [1, 2].map(async () => {
          const socket = await bench.plain('alice');
          const [ready, refused] = [heard(socket, 'ready'), heard(socket, 'connect_error')];
          return { socket, came: await Promise.race([ready.then(() => 1), refused.then(() => 0)]) };
        }),
      );
      for (const { socket } of both) socket.disconnect();
      return both.map(({ came }) => came);
    }).toEqual([1, 1]);
  });

  test('of an address are counted, also before they say who they are', async () => {
    const bench = await startBench({ LIMIT_CONNECTIONS_ADDRESS: '2' });
    const socket = await bench.plain('alice');
    await heard(socket, 'ready');
    expect((await knock(bench)).status).toBe(200);
    expect((await knock(bench)).status).toBe(429);
    socket.disconnect();
    await until(async () => (await knock(bench)).status).toBe(200);
  });
});

describe('Who has yet to say who it is', () => {
  test('may be there in a number, and those who have said so are not among them', async () => {
    const bench = await startBench({ LIMIT_UNAUTHENTICATED: '2' });
    const sockets = await Promise.all(['alice', 'bob', 'carol'].map((user) => bench.plain(user)));
    // One after the other, as each leaves the number.
    for (const socket of sockets) await until(() => socket.connected || socket.connect()).toBe(true);
    expect([(await knock(bench)).status, (await knock(bench)).status, (await knock(bench)).status]).toEqual([
      200, 200, 429,
    ]);
  });

  test('is sent away when its time is over, over WebSocket and polling', async () => {
    const bench = await startBench({ LIMIT_UNAUTHENTICATED_MS: '200' });
    const raw = new WebSocket(`${bench.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const closed = new Promise((resolve) => raw.addEventListener('close', resolve));
    const sid = await sidOf(await knock(bench));
    await closed;
    await until(
      async () =>
        await fetch(`${bench.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`).then((answer) =>
          answer.text(),
        ),
    ).toMatch(/^1$|Session ID unknown/);
  });

  test('may send a few packets, since each may ask for a token to be checked', async () => {
    const bench = await startBench({ LIMIT_UNAUTHENTICATED_PACKETS: '5' });
    const raw = new WebSocket(`${bench.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const told: string[] = [];
    const closed = new Promise((resolve) => raw.addEventListener('close', resolve));
    raw.addEventListener('message', ({ data }) => told.push(String(data)));
    raw.addEventListener('open', () => {
      for (let i = 0; i < 50; i++) raw.send('40{"token":"nonsense"}');
    });
    await closed;
    expect(told.filter((text) => text.startsWith('44')).length).toBeLessThanOrEqual(5);
  });
});

describe('A socket', () => {
  test('may burst in each kind by itself, and is told when to go on', async () => {
    const bench = await startBench({
      LIMIT_CHAT_COMMANDS: '3/0.01',
      LIMIT_ENGINE_COMMANDS: '2/0.01',
      LIMIT_ROOM_REQUESTS: '1/0.01',
    });
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.plain('alice');
    const send = () => ask(socket, 'message:send', { executionId: 'e1', content: 'x' });
    const answers = await Promise.all([send(), send(), send(), send()]);
    expect(answers.map(({ success }) => success)).toEqual([true, true, true, false]);
    expect(answers[3].error).toMatchObject(tooMany);
    const claim = () => ask(socket, 'task:claim', { taskId: 'none' });
    const claims = await Promise.all([claim(), claim(), claim()]);
    expect(claims.map(({ error }) => error.code)).toEqual(['forbidden', 'forbidden', 'too_many_requests']);
    expect(await ask(socket, 'join-execution', 'e1')).toMatchObject({ success: true });
    expect(await ask(socket, 'leave-execution', 'e1')).toMatchObject({ error: tooMany });
    // What is no command at all counts as well.
    expect(await ask(socket, 'nonsense')).toMatchObject({ error: tooMany });
    socket.emit('join-execution', 'e1');
    expect((await heard(socket, 'refused'))[0]).toMatchObject({ event: 'join-execution', error: tooMany });
    // Another one of the same person has full buckets.
    expect(await ask(await bench.plain('alice'), 'join-execution', 'e1')).toMatchObject({ success: true });
  });

  test('that goes on all the same is closed by a code, and let in again after the time that it was told', async () => {
    const bench = await startBench({ LIMIT_CHAT_COMMANDS: '1/0.01', LIMIT_REFUSALS: '5/0.01' });
    const socket = await bench.plain('alice');
    await heard(socket, 'ready');
    const closing = heard(socket, 'closing');
    for (let i = 0; i < 20; i++) socket.emit('message:send', { executionId: 'e1', content: 'x' });
    const [said] = (await closing) as [{ retryAfter: number }];
    expect(said).toMatchObject({ code: 'too_fast', comeBack: true });
    expect(said.retryAfter).toBeGreaterThan(5000);
    await until(() => socket.connected).toBe(false);
    const again = await bench.plain('alice');
    expect((await heard(again, 'connect_error'))[0]).toMatchObject({ data: tooMany });
    await heard(await bench.plain('bob'), 'ready');
  });

  test('is closed for packets, whatever is in them', async () => {
    const bench = await startBench({ LIMIT_PACKETS: '20/0.01' });
    const socket = await bench.plain('alice');
    await heard(socket, 'ready');
    const closing = heard(socket, 'closing');
    // Acknowledgements that nobody has asked for.
    const engine = socket.io.engine as unknown as { write(data: string): void };
    for (let i = 0; i < 50; i++) engine.write('3999[]');
    expect((await closing)[0]).toMatchObject({ code: 'too_fast' });
  });

  test('can be in so many rooms', async () => {
    const bench = await startBench({ LIMIT_ROOMS: '2' });
    for (const id of ['e1', 'e2', 'e3']) await execution(bench, id, ['alice']);
    const socket = await bench.sdk('alice');
    const rooms = ['execution:e1', 'execution:e2', 'execution:e3'];
    expect(await ask(socket, 'subscribe', { rooms })).toMatchObject({ error: { code: 'too_many_rooms' } });
    expect(await ask(socket, 'subscribe', { rooms: rooms.slice(1) })).toMatchObject({ success: true });
  });

  test('may have so many bytes waiting', async () => {
    const bench = await startBench({ LIMIT_WAITING_BYTES: '2048' });
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.plain('alice');
    const send = (size: number) =>
      ask(socket, 'message:send', { executionId: 'e1', content: 'x'.repeat(size) });
    const answers = await Promise.all([send(1500), send(1500), send(10)]);
    expect(answers.map(({ success }) => success)).toEqual([true, false, true]);
    expect(answers[1].error).toMatchObject(tooMany);
    expect(await send(5000)).toMatchObject({ success: true });
  });

  test('may nest what it says so deep, and lives', async () => {
    const bench = await startBench({ LIMIT_JSON_DEPTH: '8' });
    const socket = await bench.plain('alice');
    const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    const emit = (levels: number) =>
      ask(socket, 'process:emit', { processInstanceId: 'p', event: 'e', taskData: nested(levels) });
    expect(await emit(7)).toMatchObject({ error: { code: 'forbidden' } });
    expect(await emit(8)).toMatchObject({ error: { code: 'invalid' } });
    const far = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const engine = socket.io.engine as unknown as { write(data: string): void };
    engine.write(`2["process:emit",${far}]`);
    expect((await heard(socket, 'refused'))[0]).toMatchObject({
      event: 'process:emit',
      error: { code: 'invalid' },
    });
    expect(await emit(7)).toMatchObject({ error: { code: 'forbidden' } });
  });

  test('that sends what is binary is gone, before it is held', async () => {
    const bench = await startBench();
    const socket = await bench.plain('alice');
    await heard(socket, 'ready');
    socket.emit('message:send', { executionId: 'e1', content: Buffer.from('x') });
    await heard(socket, 'disconnect');
  });
});

describe('Requests over HTTP', () => {
  const get = (bench: Bench, path: string, headers: Record<string, string> = {}) =>
    fetch(bench.url + path, { headers });
  const publish = (bench: Bench, body: string, headers: Record<string, string> = {}) =>
    fetch(`${bench.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json', ...headers },
      body,
    });

  test('are counted by address: reading, publishing and logins each by itself; what watches over the process is not', async () => {
    const bench = await startBench({
      LIMIT_HTTP_REQUESTS: '2/0.01',
      LIMIT_HTTP_PUBLISHES: '1/0.01',
      LIMIT_LOGINS: '1/0.01',
      USERS: JSON.stringify([{ user: 'alice', password: 'secret' }]),
    });
    const login = () =>
      fetch(`${bench.url}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'alice', password: 'wrong' }),
      });
    expect([(await login()).status, (await login()).status]).toEqual([401, 429]);
    expect([(await publish(bench, '{}')).status, (await publish(bench, '{}')).status]).toEqual([400, 429]);
    const statuses = [];
    for (const path of ['/v1/state', '/nothing', '/v1/state', '/live', '/metrics', '/live'])
      statuses.push((await get(bench, path)).status);
    expect(statuses).toEqual([401, 404, 429, 200, 200, 200]);
    const refused = await get(bench, '/v1/state');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: tooMany });
  });

  test('may nest their body so deep, and have it so large', async () => {
    const bench = await startBench({ LIMIT_JSON_DEPTH: '8', LIMIT_BODY_BYTES: '2048' });
    const deep = await publish(bench, `${'['.repeat(1000)}${']'.repeat(1000)}`);
    expect([deep.status, await deep.json()]).toMatchObject([400, { error: { code: 'invalid' } }]);
    const large = await publish(bench, JSON.stringify('x'.repeat(2048)));
    expect([large.status, await large.json()]).toMatchObject([413, { error: { code: 'too_large' } }]);
  });

  test('may have so many bytes in flight on a node, all of them together', async () => {
    const bench = await startBench({ LIMIT_BYTES_IN_FLIGHT: '2048' });
    const { hostname, port } = new URL(bench.url);
    const slow = connect(Number(port), hostname);
    slow.write(
      [
        'POST /v1/events HTTP/1.1',
        `Host: ${hostname}:${port}`,
        `Authorization: Bearer ${PUBLISH_KEY}`,
        'Content-Type: application/json',
        'Content-Length: 2000',
        '',
        '{',
      ].join('\r\n'),
    );
    const body = JSON.stringify({ a: 'x'.repeat(100) });
    await until(async () => (await publish(bench, body)).status).toBe(429);
    slow.destroy();
    await until(async () => (await publish(bench, body)).status).toBe(400);
  });

  test('must have arrived after their time', async () => {
    const bench = await startBench({ LIMIT_REQUEST_MS: '300' });
    const { hostname, port } = new URL(bench.url);
    const sockets = ['', 'GET /live HTTP/1.1\r\nHost: x\r\nX-A: '].map((text) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(text);
      return new Promise((resolve) => socket.once('close', resolve).resume());
    });
    await Promise.all(sockets);
  });
});
