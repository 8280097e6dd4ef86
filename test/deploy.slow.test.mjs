import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { upgradeAt } from '../packages/gateway/test/support/upgrade.ts';
import { ensureNginx } from '../scripts/lib/nginx.mjs';
import { at } from '../scripts/lib/paths.mjs';
import { run } from '../scripts/lib/processes.mjs';
import { deployed } from '../scripts/stack/nginx.mjs';
import { certificateIn } from './support/certificate.mjs';
import { startCluster } from './support/cluster.mjs';

const TRANSPORTS = [['websocket'], ['polling'], ['polling', 'websocket']];

const numbers = (count, first = 1) => Array.from({ length: count }, (_, i) => `${i + first}`);
const until = (look) => expect.poll(look, { timeout: 20_000, interval: 20 });

/** Clients of both kinds over each transport, all of them connected and whole. */
async function openClients(cluster) {
  const sdk = TRANSPORTS.map((transports) => cluster.sdk(transports));
  const plain = TRANSPORTS.map((transports) => cluster.plain({ transports }));
  for (const { client } of sdk) await until(() => client.status.getSnapshot().state).toBe('live');
  for (const one of plain) await until(() => one.ready).toBe(1);
  return { sdk, plain };
}

/** Publishes one after the other until it is told to stop. */
function publishing(cluster) {
  let isGoingOn = true;
  let count = 0;
  const done = (async () => {
    for (; isGoingOn; count++) await cluster.publish();
  })();
  // Whoever stops it hears of an error.
  done.catch(() => undefined);
  return {
    get count() {
      return count;
    },
    async stop() {
      isGoingOn = false;
      await done;
      return count;
    },
  };
}

test('nginx takes the configuration as it stands', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'nginx-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const globals = `pid ${folder}/nginx.pid;`;
  const config = path.join(folder, 'nginx');
  await cp(at('deploy/nginx'), config, { recursive: true });
  // But for the certificate, which is a machine's own.
  const { tls } = await certificateIn(path.join(folder, 'tls'));
  await writeFile(path.join(config, 'listen.conf'), await deployed('listen.conf', { tls }));
  const said = await run(await ensureNginx(), [
    ...['-t', '-e', 'stderr', '-p', folder, '-g', globals],
    ...['-c', path.join(config, 'nginx.conf')],
  ]);
  expect(said).toContain('test is successful');
});

describe('Two gateways on one Redis behind nginx', { timeout: 120_000 }, () => {
  test('serve both kinds of clients over WebSocket, polling and the way from one to the other', async () => {
    const cluster = await startCluster();
    const { sdk, plain } = await openClients(cluster);
    await until(() => plain[2].socket.io.engine.transport.name).toBe('websocket');
    for (let i = 0; i < 50; i++) await cluster.publish();
    for (const { heard } of [...sdk, ...plain]) await until(() => heard).toEqual(numbers(50));
    expect(plain.flatMap(({ errors }) => errors)).toEqual([]);
    // Both have some, and no session lost its node.
    expect(new Set(plain.map(({ node }) => node))).toEqual(new Set(['ws-1', 'ws-2']));
  });

  test('pass event streams on as they come, and keep the figures of a node to themselves', async () => {
    const cluster = await startCluster();
    const abort = new AbortController();
    const answer = await fetch(`${cluster.nginx.url}/v1/events?room=group:all`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${cluster.token('curl')}` },
      signal: abort.signal,
    });
    let text = '';
    const reading = (async () => {
      for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) text += chunk;
    })().catch(() => undefined);
    await until(() => text).toContain('event: ready');
    await cluster.publish();
    await until(() => text).toContain('event: x:tick');
    abort.abort();
    await reading;
    expect((await fetch(`${cluster.nginx.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${cluster.nginx.url}/ready`)).status).toBe(200);
  });

  test('go on by the other one when one is killed: no publisher hears of it, and SDK clients miss nothing', async () => {
    const cluster = await startCluster();
    const { sdk, plain } = await openClients(cluster);
    const work = publishing(cluster);
    await until(() => work.count).toBeGreaterThan(50);
    const { gateway } = cluster.nodes['ws-1'];
    const there = plain.filter(({ node }) => node === 'ws-1');
    gateway.kill('SIGKILL');
    await gateway.exited;
    for (const one of there) await until(() => one.ready).toBe(2);
    const after = work.count;
    await until(() => work.count).toBeGreaterThan(after + 50);
    const count = await work.stop();
    for (const { heard } of sdk) await until(() => heard).toEqual(numbers(count));
    for (const one of plain) expect(one.node).toBe('ws-2');
    // Plain clients hear all that comes while they are connected.
    await cluster.publish();
    for (const { heard } of plain) await until(() => heard.at(-1)).toBe(`${count + 1}`);

    // Back again, it takes its share.
    await cluster.nodes['ws-1'].start();
    await until(async () => {
      const late = cluster.plain({ transports: ['websocket'], reconnection: false });
      await until(() => late.ready + late.errors.length).toBe(1);
      return late.node;
    }).toBe('ws-1');
  });

  test('are found again as soon as they are back, when both were away', async () => {
    const cluster = await startCluster();
    const { sdk, plain } = await openClients(cluster);
    await cluster.publish();
    const nodes = Object.values(cluster.nodes);
    for (const { gateway } of nodes) gateway.kill('SIGKILL');
    await Promise.all(nodes.map(({ gateway }) => gateway.exited));
    await until(() => plain.every(({ errors }) => errors.length > 0)).toBe(true);
    await expect(cluster.publish()).rejects.toThrow('502');
    await Promise.all(nodes.map((node) => node.start()));
    // At the first attempt: nginx holds nothing against a node.
    await cluster.publish();
    for (const { heard } of sdk) await until(() => heard).toEqual(['1', '3']);
    for (const one of plain) await until(() => one.ready).toBe(2);
  });

  test('let whoever comes while one is stopping in at the other one, at the first attempt', async () => {
    // Slow, so that there is time to come.
    const cluster = await startCluster({ DRAIN_PER_SECOND: '2' });
    const { sdk } = await openClients(cluster);
    const seats = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const seat = cluster.plain({ transports: ['websocket'] });
        await until(() => seat.ready).toBe(1);
        return seat;
      }),
    );
    const leaving = seats.filter(({ node }) => node === 'ws-1');
    expect(leaving.length).toBeGreaterThan(1);
    const work = publishing(cluster);
    const { gateway, address } = cluster.nodes['ws-1'];
    const stopped = gateway.stop();
    await until(async () => (await fetch(`http://${address}/ready`).catch(() => undefined))?.status).toBe(
      503,
    );
    expect((await fetch(`http://${address}/live`)).status).toBe(200);
    let isGone = false;
    gateway.exited.then(() => {
      isGone = true;
    });
    // All at once: it is only for a moment that it is stopping.
    const came = await Promise.all(
      [...TRANSPORTS, ...TRANSPORTS].map(async (transports) => {
        const late = cluster.plain({ transports, reconnection: false });
        await until(() => late.ready + late.errors.length).toBe(1);
        expect(late.errors).toEqual([]);
        expect(late.node).toBe('ws-2');
        return !isGone;
      }),
    );
    expect(came.filter(Boolean).length).toBeGreaterThan(2);
    await stopped;
    for (const one of leaving) await until(() => [one.ready, one.node]).toEqual([2, 'ws-2']);
    const count = await work.stop();
    for (const { heard } of sdk) await until(() => heard).toEqual(numbers(count));
  });

  test('refuse a handshake at a node that is stopping with 503 and a time to come back', async () => {
    const cluster = await startCluster({ DRAIN_PER_SECOND: '1' });
    const held = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const seat = cluster.plain({ transports: ['websocket'], reconnection: false });
        await until(() => seat.ready).toBe(1);
        return seat;
      }),
    );
    expect(held.filter(({ node }) => node === 'ws-1').length).toBeGreaterThan(2);
    const { gateway, address } = cluster.nodes['ws-1'];
    const stopped = gateway.stop();
    await until(async () => (await fetch(`http://${address}/ready`)).status).toBe(503);
    const polling = await fetch(`http://${address}/socket.io/?EIO=4&transport=polling`);
    const request = await fetch(`http://${address}/v1/state?room=group:all`);
    for (const answer of [polling, request]) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ error: { code: 'stopping', retryable: true } });
    }
    const upgrade = await upgradeAt(`http://${address}`);
    expect(upgrade).toMatch(/^HTTP\/1\.1 503 /);
    expect(upgrade).toMatch(/\r\nretry-after: [12]\r\n/);
    expect(upgrade).toContain('"code":"stopping"');
    await stopped;
  });
});

describe('Two gateways behind nginx as it is deployed', { timeout: 120_000 }, () => {
  test('are reached over TLS, and browsers never come without it again', async () => {
    const cluster = await startCluster({}, { isSecure: true });
    const { nginx, certificate: ca } = cluster;
    for (const transports of TRANSPORTS) {
      const one = cluster.plain({ transports, ca });
      await until(() => one.ready).toBe(1);
      expect(one.errors).toEqual([]);
    }
    for (const [place, status] of [
      ['/live', 200],
      ['/metrics', 404],
      ['/v1/state', 401],
    ]) {
      const answer = await ask(nginx.url + place, { ca });
      expect(answer.status).toBe(status);
      expect(answer.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    }
    // Whoever does not know the certificate does not come in.
    await expect(ask(`${nginx.url}/live`, {})).rejects.toThrow(/self-signed/);
  });

  test('send a page that is opened without TLS on, take no key there, and serve what is beside nginx', async () => {
    const { nginx } = await startCluster({}, { isSecure: true });
    const page = await fetch(nginx.openUrl, { redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([301, 'https://127.0.0.1/']);
    const publishing = await fetch(`${nginx.openUrl}/v1/events`, { method: 'POST', redirect: 'manual' });
    expect(publishing.status).toBe(426);
    expect((await fetch(`${nginx.plainUrl}/live`)).status).toBe(200);
  });

  test('know a client by the address that nginx sees, whatever it says itself, and a page by what it came over', async () => {
    const { nginx, certificate: ca } = await startCluster(
      { LIMIT_HTTP_REQUESTS: '3/0.01' },
      { isSecure: true },
    );
    const { host } = new URL(nginx.url);
    const status = async (headers) => (await ask(`${nginx.url}/v1/state`, { ca, headers })).status;
    expect(await status({ origin: `https://${host}` })).toBe(401);
    expect(await status({ origin: `http://${host}` })).toBe(403);
    const statuses = [];
    for (let i = 0; i < 10; i++) statuses.push(await status({ 'x-forwarded-for': `192.0.2.${i}` }));
    // Two nodes count by themselves.
    expect(statuses.filter((one) => one === 429).length).toBeGreaterThan(3);
  });
});

/** Asks over TLS; `ca` is what is trusted. */
function ask(url, options) {
  return new Promise((resolve, reject) => {
    get(url, options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers }));
    }).on('error', reject);
  });
}
