import { createConnection } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { execution, fact, message, startBench, until } from './support/gateway.ts';
import { openRewindable } from './support/rewindable.ts';
import { openStream } from './support/stream.ts';

const quick = { lookEvery: 10, checkpointEvery: 50 };

describe('GET /v1/events as an event stream', () => {
  test('shows events as they come, under their type, each with its position', async () => {
    const bench = await startBench({}, { delivery: quick });
    await execution(bench, 'e1', ['alice']);
    const stream = await openStream(bench, 'room=execution:e1', await bench.token('alice'));
    expect(stream).toMatchObject({ status: 200, contentType: 'text/event-stream; charset=utf-8' });
    const { epoch } = await bench.log.head('default');
    await until(() => stream.messages[0]).toEqual({
      id: `${epoch}:1`,
      event: 'ready',
      data: { epoch, seq: 1, recovered: false },
    });
    await bench.publish('default', [message('e1', 'two\nlines')]);
    await until(() => stream.named('message:new')).toMatchObject([
      { id: `${epoch}:2`, data: { seq: 2, type: 'message:new', data: { content: 'two\nlines' } } },
    ]);
  });

  test('says what has left the room', async () => {
    const bench = await startBench({}, { delivery: quick });
    const stream = await openStream(bench, 'room=user:alice', await bench.token('alice'));
    await until(() => stream.named('ready').length).toBe(1);
    await bench.publish('default', [
      fact('task:created', { taskId: 't', assignee: 'alice' }),
      fact('task:assigned', { taskId: 't', assignee: 'bob' }),
    ]);
    await until(() => stream.named('left')).toMatchObject([
      { data: { seq: 2, subject: 'task/t', left: ['user:alice'] } },
    ]);
  });

  test('proves by ids without data that nothing happened here, while it happens elsewhere', async () => {
    const bench = await startBench({}, { delivery: quick });
    const stream = await openStream(bench, 'room=user:alice', await bench.token('alice'));
    await bench.publish('default', [fact('task:created', { taskId: 't', assignee: 'bob' })]);
    const { epoch } = await bench.log.head('default');
    await until(() => stream.messages.at(-1)).toEqual({ id: `${epoch}:1` });
    expect(stream.messages.filter(({ event }) => event !== undefined).length).toBe(1);
  });

  test('goes on after the last id, without a seam while events come all the time', async () => {
    const bench = await startBench({}, { delivery: quick });
    await execution(bench, 'e1', ['alice']);
    const token = await bench.token('alice');
    const { epoch } = await bench.log.head('default');
    const total = 1500;
    const publishing = (async () => {
      for (let i = 0; i < total; i += 5)
        await bench.publish(
          'default',
          Array.from({ length: 5 }, (_, k) => message('e1', `${i + k}`)),
        );
    })();
    const seen: string[] = [];
    let last = `${epoch}:1`;
    for (let cuts = 0; seen.length < total; cuts++) {
      // The address still has the first position; the header goes before it.
      const stream = await openStream(bench, `room=execution:e1&since=${epoch}:1`, token, {
        'last-event-id': last,
      });
      const goal = Math.min(total - seen.length, 150 + cuts);
      await until(() => stream.named('message:new').length).toBeGreaterThanOrEqual(goal);
      stream.stop();
      await stream.ended;
      expect(stream.messages[0]).toMatchObject({ event: 'ready', data: { recovered: true } });
      seen.push(...stream.named('message:new').map(({ data }) => data.data.content));
      last = stream.messages.at(-1)!.id!;
    }
    await publishing;
    expect(seen).toEqual(Array.from({ length: total }, (_, i) => `${i}`));
  });

  test.each(['someOtherEpoch:1', 'future'])(
    'from a position that can not be proved (%s) says so, and goes on from now',
    async (position) => {
      const bench = await startBench({}, { delivery: quick });
      await execution(bench, 'e1', ['alice']);
      const { epoch } = await bench.log.head('default');
      const since = position === 'future' ? `${epoch}:999` : position;
      const stream = await openStream(bench, `room=execution:e1&since=${since}`, await bench.token('alice'));
      await until(() => stream.messages[0]).toEqual({
        id: `${epoch}:1`,
        event: 'ready',
        data: { epoch, seq: 1, recovered: false },
      });
    },
  );

  test('ends when its token does', async () => {
    const bench = await startBench({}, { delivery: quick });
    const stream = await openStream(bench, 'room=user:alice', await bench.token('alice', [], 'default', 3));
    await stream.ended;
    expect(stream.messages.at(-1)).toMatchObject({ event: 'closing', data: { code: 'token_expired' } });
  });

  test('ends when the node stops, with a word on when to come back', async () => {
    const bench = await startBench({}, { delivery: quick });
    const stream = await openStream(bench, 'room=user:alice', await bench.token('alice'));
    await until(() => stream.named('ready').length).toBe(1);
    await bench.close();
    await stream.ended;
    const last = stream.messages.at(-1)!;
    expect(last).toMatchObject({ event: 'closing', data: { code: 'stopping', comeBack: true } });
    expect(Number(last.retry)).toBe(last.data.retryAfter);
  });

  test('ends when the log has lost what it was sent', async () => {
    const { log, keep, rewind } = await openRewindable();
    const bench = await startBench({}, { log, delivery: quick });
    await execution(bench, 'e1', ['alice']);
    await keep();
    const stream = await openStream(bench, 'room=execution:e1', await bench.token('alice'));
    await bench.publish('default', [message('e1', 'will be lost')]);
    await until(() => stream.named('message:new').length).toBe(1);
    await rewind();
    await stream.ended;
    expect(stream.messages.at(-1)).toMatchObject({ event: 'closing', data: { code: 'rewound' } });
  });

  test('is cut when its reader does not read, and forgotten', async () => {
    const bench = await startBench({}, { delivery: quick, backlog: { bytes: 256 * 1024, age: 60_000 } });
    await execution(bench, 'e1', ['alice']);
    const token = await bench.token('alice');
    const socket = createConnection(Number(new URL(bench.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    socket.write(
      `GET /v1/events?room=execution:e1 HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    let isClosed = false;
    closed.then(() => (isClosed = true));
    const other = await openStream(bench, 'room=execution:e1', token);
    const text = 'x'.repeat(16_000);
    let sent = 0;
    // More than the kernel's buffers and the limit take.
    for (; sent < 1500; sent += 10)
      await bench.publish(
        'default',
        Array.from({ length: 10 }, () => message('e1', text)),
      );
    await until(() => other.named('message:new').length).toBe(sent);
    socket.resume();
    await until(() => isClosed).toBe(true);
  });

  test('is no second way in: HEAD opens nothing', async () => {
    const bench = await startBench();
    const answer = await fetch(`${bench.url}/v1/events?room=user:alice`, {
      method: 'HEAD',
      headers: { accept: 'text/event-stream', authorization: `Bearer ${await bench.token('alice')}` },
    });
    expect(answer.status).toBe(404);
  });
});
