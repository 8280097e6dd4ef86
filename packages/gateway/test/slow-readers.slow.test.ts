import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Socket as TcpSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Delivered, EventsAnswer } from '@netbuild/realtime-protocol';
import { type Logger, pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTokens } from '../src/auth/token.ts';
import {
  ask,
  execution,
  heard,
  JWT_SECRET,
  message,
  PUBLISH_KEY,
  startBench,
  until,
} from './support/gateway.ts';

const seqs = (batch: Delivered[]) => batch.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** A logger that tells when a reader was cut. */
function watching(): { logger: Logger; cuts: () => number } {
  let cuts = 0;
  const logger = pino({ level: 'warn' }, { write: (line) => void (line.includes('was cut') && cuts++) });
  return { logger, cuts: () => cuts };
}

/** The TCP connection under a client's WebSocket. */
function tcpOf(socket: Socket): TcpSocket {
  return (socket.io.engine.transport as unknown as { ws: { _socket: TcpSocket } }).ws._socket;
}

describe('A client that stops reading', () => {
  test('is cut, harms nobody else, and gets everything by a resume', async () => {
    const { logger, cuts } = watching();
    const bench = await startBench({}, { logger, backlog: { bytes: 100_000, age: 60_000 } });
    await execution(bench, 'e1', ['alice']);
    const [slow, quick] = [await bench.sdk('alice'), await bench.sdk('alice')];
    const seen: number[] = [];
    const others: number[] = [];
    slow.on('events', (batch: Delivered[]) => seen.push(...seqs(batch)));
    quick.on('events', (batch: Delivered[]) => others.push(...seqs(batch)));
    for (const socket of [slow, quick]) await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
    const gone = heard(slow, 'disconnect');
    const { epoch } = await bench.log.head('default');
    const line = tcpOf(slow).pause();
    let last = 1;
    // The kernel takes some megabytes before anything waits here.
    for (; cuts() === 0 && last < 5000; last += 10)
      await bench.publish(
        'default',
        Array.from({ length: 10 }, () => message('e1', 'x'.repeat(16_000))),
      );
    expect(cuts()).toBe(1);
    await until(() => others).toEqual(range(2, last));
    line.resume();
    await gone;
    expect(seen.length).toBeLessThan(last - 1);
    const again = await bench.sdk('alice');
    const answer = await ask(again, 'subscribe', {
      rooms: ['execution:e1'],
      since: `${epoch}:${seen.at(-1) ?? 1}`,
    });
    expect(answer.recovered).toBe(true);
    expect([...seen, ...seqs(answer.events)]).toEqual(range(2, last));
  }, 60_000);

  test.each([
    ['more bytes wait than it may', { bytes: 50_000, age: 60_000 }],
    // Long enough for the handshake, of which each part waits for a poll, too.
    ['something has waited for longer than it may', { bytes: 1e9, age: 2_000 }],
  ])('over polling is cut when %s', async (_why, backlog) => {
    const { logger, cuts } = watching();
    const bench = await startBench({}, { logger, backlog });
    await execution(bench, 'e1', ['alice']);
    const poll = (query: string, body?: string) =>
      fetch(`${bench.url}/socket.io/?EIO=4&transport=polling${query}`, body ? { method: 'POST', body } : {});
    const { sid } = JSON.parse((await (await poll('')).text()).slice(1)) as { sid: string };
    const token = await bench.token('alice');
    let heardSoFar = '';
    const hears = async (text: string) => {
      while (!heardSoFar.includes(text)) {
        const answer = await poll(`&sid=${sid}`);
        expect(answer.status).toBe(200);
        heardSoFar += await answer.text();
      }
    };
    await poll(`&sid=${sid}`, `40${JSON.stringify({ token, client: 'sdk' })}`);
    // Only who has been let in may ask: what comes earlier ends the connection.
    await hears('40{');
    await poll(`&sid=${sid}`, '420["subscribe",{"rooms":["execution:e1"]}]');
    await hears('"success":true');
    // From here on it never asks again.
    for (let i = 0; i < 10; i++) await bench.publish('default', [message('e1', 'x'.repeat(10_000))]);
    await until(cuts).toBe(1);
    expect((await poll(`&sid=${sid}`)).status).toBe(400);
  });

  test('costs the gateway no memory, while 100 MB are published', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slow-reader-'));
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const env = { PATH: process.env.PATH, JWT_SECRET, PUBLISH_KEY, DATA_DIR: directory, PORT: '0' };
    // What waits for all of them is far more than this heap.
    const child = spawn(process.execPath, ['--max-old-space-size=96', main, 'serve'], {
      env: { ...env, NODE_NO_WARNINGS: '1' },
    });
    const sockets: Socket[] = [];
    onTestFinished(async () => {
      for (const socket of sockets) socket.disconnect();
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(directory, { recursive: true, force: true });
    });
    let printed = '';
    child.stdout.on('data', (chunk) => (printed += chunk));
    await until(() => printed).toContain('listening on ');
    const url = /listening on (\S+)/.exec(printed)![1]!;
    const memory = async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
    };
    const token = await createTokens(JWT_SECRET).mint(
      { userId: 'alice', domainId: 'default', groups: [] },
      600,
    );
    const connect = async () => {
      const auth = { token, client: 'sdk' };
      const socket = io(url, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
      sockets.push(socket);
      await ask(socket, 'subscribe', { rooms: ['user:alice'] });
      return socket;
    };
    const [quick, ...slow] = [await connect(), await connect(), await connect(), await connect()];
    const seen: number[][] = slow.map(() => []);
    for (const [i, socket] of slow.entries())
      socket.on('events', (batch: Delivered[]) => seen[i]!.push(...seqs(batch)));
    let others = 0;
    quick!.on('events', (batch: Delivered[]) => (others += batch.length));
    const gone = slow.map((socket) => heard(socket, 'disconnect'));

    let most = 0;
    const data = 'x'.repeat(50_000);
    let next = 0;
    const publish = async (upTo: number): Promise<void> => {
      while (next < upTo) {
        const i = next++;
        const event = { specversion: '1.0', id: `${i}`, source: 's', type: 'x:blob', userid: 'alice', data };
        const answer = await fetch(`${url}/v1/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify(event),
        });
        expect(answer.status).toBe(201);
        await answer.body?.cancel();
        if (i % 20 === 0) most = Math.max(most, await memory());
      }
    };
    const total = 3000;
    // What it costs while all of them read.
    await Promise.all(Array.from({ length: 8 }, () => publish(1000)));
    const before = most;
    // Kept here, since a client that hears of its end forgets them.
    const lines = slow.map((socket) => tcpOf(socket).pause());
    await Promise.all(Array.from({ length: 8 }, () => publish(total)));
    await until(() => others).toBe(total);
    process.stdout.write(`memory: ${Math.round(before)} MB while all read, at most ${Math.round(most)} MB\n`);
    // Three that don't read would make 300 MB.
    expect(most - before).toBeLessThan(160);

    // Each of them goes on where it stood, in pages, since it is further behind than one answer may be.
    for (const [i, line] of lines.entries()) {
      line.resume();
      await gone[i];
      const have = seen[i]!;
      expect(have.length).toBeLessThan(total);
      const { epoch } = await ask(quick!, 'subscribe', { rooms: ['user:alice'] });
      for (let more = true; more; ) {
        const page = await fetch(`${url}/v1/events?room=user:alice&since=${epoch}:${have.at(-1) ?? 0}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const answer = (await page.json()) as EventsAnswer;
        expect(answer.recovered).toBe(true);
        have.push(...seqs(answer.events));
        more = answer.more;
      }
      expect(have).toEqual(range(1, total));
    }
  }, 120_000);
});
