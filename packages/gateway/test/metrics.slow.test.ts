import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import {
  ask,
  type Bench,
  execution,
  fact,
  heard,
  message,
  PUBLISH_KEY,
  startBench,
  until,
} from './support/gateway.ts';
import { openStream } from './support/stream.ts';

const KEY = 'a key for the metrics';

/** What a node says of itself: each line's value, by its name with its labels, but for its own name. */
async function figures(bench: Bench, headers: Record<string, string> = {}): Promise<Map<string, number>> {
  const answer = await fetch(`${bench.url}/metrics`, { headers });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line)!;
      const own = labels.split(',').filter((label) => label !== '' && !label.startsWith('node='));
      return [own.length > 0 ? `${name}{${own.join(',')}}` : name, Number(value)];
    }),
  );
}

describe('The figures of a node say', () => {
  test('who is connected, by what and over what, and where', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const sockets = [
      await bench.sdk('alice'),
      await bench.sdk('alice', { transports: ['polling'] }),
      await bench.plain('alice', { groups: ['leads'] }),
    ];
    await Promise.all(sockets.map((socket) => heard(socket, 'ready')));
    const stream = await openStream(bench, 'room=execution:e1', await bench.token('alice'));
    await until(() => stream.named('ready').length).toBe(1);
    await ask(sockets[0]!, 'subscribe', { rooms: ['execution:e1', 'user:alice'] });
    const found = await figures(bench);
    expect(found.get('netbuild_connections{kind="sdk",transport="websocket"}')).toBe(1);
    expect(found.get('netbuild_connections{kind="sdk",transport="polling"}')).toBe(1);
    expect(found.get('netbuild_connections{kind="plain",transport="websocket"}')).toBe(1);
    expect(found.get('netbuild_connections{kind="stream",transport="sse"}')).toBe(1);
    // execution:e1, user:alice, group:leads, domain:default
    expect(found.get('netbuild_rooms')).toBe(4);

    sockets[0]!.disconnect();
    stream.stop();
    await until(async () => {
      const now = await figures(bench);
      return [
        now.get('netbuild_connections{kind="sdk",transport="websocket"}'),
        now.get('netbuild_connections{kind="stream",transport="sse"}'),
      ];
    }).toEqual([undefined, undefined]);
  });

  test('what was published and given to connections', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const sockets = [await bench.sdk('alice'), await bench.sdk('alice')];
    for (const socket of sockets) await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
    const before = await figures(bench);
    for (let i = 0; i < 5; i++)
      await ask(sockets[0]!, 'message:send', { executionId: 'e1', content: `${i}` });
    await until(async () => {
      const now = await figures(bench);
      const grown = (name: string) => (now.get(name) ?? 0) - (before.get(name) ?? 0);
      return [
        'netbuild_deliveries_total',
        'netbuild_publish_seconds_count',
        'netbuild_publish_facts_sum',
        'netbuild_tail_missing_events',
      ].map(grown);
    }).toEqual([10, 5, 5, 0]);
    expect((await figures(bench)).get('netbuild_tail_age_seconds')).toBeLessThan(10);
  });

  test('what subscribes brought', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.sdk('alice');
    const rooms = ['execution:e1'];
    const { epoch, seq } = await ask(socket, 'subscribe', { rooms });
    await bench.publish('default', [message('e1', 'missed')]);
    await ask(socket, 'subscribe', { rooms, since: `${epoch}:${seq}` });
    await ask(socket, 'subscribe', { rooms, since: 'another:1' });
    await ask(socket, 'subscribe', { rooms: ['execution:foreign'] });
    const found = await figures(bench);
    const counts = ['first', 'recovered', 'snapshot', 'refused'].map((outcome) =>
      found.get(`netbuild_subscribes_total{outcome="${outcome}"}`),
    );
    expect(counts).toEqual([1, 1, 1, 1]);
  });

  test('why connections were ended, also while the node stops', async () => {
    const bench = await startBench({ DRAIN_PER_SECOND: '1' });
    const sockets = [await bench.sdk('alice'), await bench.plain('alice'), await bench.plain('alice')];
    await Promise.all(sockets.map((socket) => heard(socket, 'ready')));
    expect((await figures(bench)).get('netbuild_closes_total{code="behind"}')).toBe(0);
    const closings = sockets.map((socket) => heard(socket, 'closing'));
    const closed = bench.close();
    await Promise.race(closings);
    expect((await figures(bench)).get('netbuild_closes_total{code="stopping"}')).toBeGreaterThan(0);
    await closed;
  });

  test("how long ago the engine has committed what is shown, and what the relay's outbox holds", async () => {
    const bench = await startBench();
    await heard(await bench.plain('alice'), 'ready');
    const committedAt = Date.now() - 3000;
    const events = [{ kind: 'task', event: 'create', id: 't1', name: 'Check' }];
    const answer = await fetch(`${bench.url}/v1/engine`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ engine: 'default', commands: [{ id: 'c1', committedAt, events }] }),
    });
    expect(answer.status).toBe(200);
    const found = await figures(bench);
    expect(found.get('netbuild_engine_outbox_age_seconds')).toBeGreaterThanOrEqual(3);
    expect(found.get('netbuild_engine_outbox_age_seconds')).toBeLessThan(60);
    await until(async () => (await figures(bench)).get('netbuild_commit_to_socket_seconds_count')).toBe(1);
    expect((await figures(bench)).get('netbuild_commit_to_socket_seconds_sum')).toBeGreaterThanOrEqual(3);
  });

  test('how the process and its log do', async () => {
    const bench = await startBench();
    await fetch(`${bench.url}/ready`);
    const found = await figures(bench);
    expect(found.get('netbuild_heartbeat_seconds')).toBeGreaterThan(0);
    expect(found.get('netbuild_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    for (const quantile of ['0.5', '0.99', '1'])
      expect(found.get(`netbuild_event_loop_delay_seconds{quantile="${quantile}"}`)).toBeGreaterThanOrEqual(
        0,
      );
  });

  test('nothing of people, tenants and rooms, but the name of the node', async () => {
    const bench = await startBench({ INSTANCE_ID: 'ws-7' });
    await execution(bench, 'secret-room', ['alice-a-person']);
    const socket = await bench.sdk('alice-a-person');
    await ask(socket, 'subscribe', { rooms: ['execution:secret-room'] });
    await bench.publish('default', [fact('task:created', { taskId: 't', assignee: 'alice-a-person' })]);
    const text = await (await fetch(`${bench.url}/metrics`)).text();
    expect(text).toContain('netbuild_rooms{node="ws-7"} 1');
    expect(text).not.toMatch(/alice|secret|default\b/);
  });

  test('the same as the page that describes them', async () => {
    const page = await readFile(new URL('../../../docs/reference.md', import.meta.url), 'utf8');
    const described = [...page.matchAll(/^\| `(netbuild_\w+)`/gm)].map(([, name]) => name);
    const bench = await startBench();
    const text = await (await fetch(`${bench.url}/metrics`)).text();
    const told = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual(told.sort());
  });
});

describe('The figures are for', () => {
  test('whoever has the key, where there is one', async () => {
    const bench = await startBench({ METRICS_KEY: KEY });
    const statuses = await Promise.all(
      [{}, { authorization: 'Bearer another key' }, { authorization: `Bearer ${KEY}` }].map(
        async (headers) => (await fetch(`${bench.url}/metrics`, { headers })).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 200]);
  });

  test('this machine alone, where there is none, and not for who comes by a proxy on it', async () => {
    const bench = await startBench();
    const proxied = await fetch(`${bench.url}/metrics`, { headers: { 'x-forwarded-for': '127.0.0.1' } });
    expect(proxied.status).toBe(403);
    expect(await proxied.json()).toMatchObject({ error: { code: 'forbidden' } });
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

  test.skipIf(outside === undefined)('nobody who comes by another address', async () => {
    const bench = await startBench({ HOST: '0.0.0.0' });
    const { port } = new URL(bench.url);
    const answer = await fetch(`http://${outside}:${port}/metrics`);
    expect(answer.status).toBe(403);
  });
});
