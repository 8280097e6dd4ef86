import { afterAll, describe, expect, test } from 'vitest';
import { ask, execution, fact, heard, startBench } from './support/gateway.ts';

const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);
process.on('unhandledRejection', note);
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

describe('Bad input gets a typed error that names the field', () => {
  test.each<[string, unknown, string, string | undefined]>([
    ['join-process', { an: 'object' }, 'invalid_room', 'id'],
    ['join-process', '', 'invalid_room', 'id'],
    ['join-execution', 'x'.repeat(256), 'invalid_room', 'id'],
    ['join-execution', 'a\u0000b', 'invalid_room', 'room'],
    ['join-execution', null, 'invalid_room', 'id'],
    ['subscribe', undefined, 'invalid', undefined],
    ['subscribe', { rooms: [] }, 'invalid', 'rooms'],
    ['subscribe', { rooms: 'user:alice' }, 'invalid', 'rooms'],
    ['subscribe', { rooms: Array.from({ length: 501 }, (_, i) => `execution:${i}`) }, 'invalid', 'rooms'],
    ['subscribe', { rooms: ['nonsense'] }, 'invalid_room', 'rooms'],
    ['subscribe', { rooms: ['user:bob'] }, 'forbidden', 'rooms'],
    ['subscribe', { rooms: ['user:alice'], since: 'nonsense' }, 'invalid_position', 'since'],
    ['subscribe', { rooms: ['user:alice'], since: 'epoch:-1' }, 'invalid_position', 'since'],
    ['subscribe', { rooms: ['user:alice'], since: 'epoch:NaN' }, 'invalid_position', 'since'],
    ['subscribe', { rooms: ['user:alice'], since: 'epoch:1.5' }, 'invalid_position', 'since'],
    ['subscribe', { rooms: ['user:alice'], since: `epoch:${'9'.repeat(20)}` }, 'invalid_position', 'since'],
    ['subscribe', { rooms: ['user:alice'], since: 'e'.repeat(101) }, 'invalid', 'since'],
    ['subscribe', { rooms: ['user:alice'], since: 5 }, 'invalid', 'since'],
    ['subscribe', { rooms: ['user:alice'], since: { epoch: 'e', seq: 1 } }, 'invalid', 'since'],
    ['subscribe', { rooms: ['domain:other'] }, 'forbidden', 'rooms'],
    ['subscribe', { rooms: ['group:of-others'] }, 'forbidden', 'rooms'],
    ['subscribe', { rooms: Array.from({ length: 10_000 }, (_, i) => `execution:${i}`) }, 'invalid', 'rooms'],
    ['unsubscribe', { rooms: Array.from({ length: 501 }, (_, i) => `execution:${i}`) }, 'invalid', 'rooms'],
    ['rows', { rooms: ['user:bob'], more: 'task/1' }, 'forbidden', 'rooms'],
    ['message:send', null, 'invalid', 'executionId'],
    ['message:send', 'text', 'invalid', undefined],
    ['message:send', { executionId: 'e1' }, 'invalid', 'content'],
    ['message:send', { executionId: 'e1', content: '   ' }, 'invalid', 'content'],
    ['message:send', { executionId: 'e1', content: 'é'.repeat(8193) }, 'too_large', 'content'],
    ['message:send', { executionId: 'e1', content: 'x', commandId: 'has spaces' }, 'invalid', 'commandId'],
    ['message:send', { executionId: 'foreign', content: 'x' }, 'forbidden', undefined],
    ['message:send', { executionId: 'a\u0000b', content: 'x' }, 'forbidden', undefined],
    ['message:send', { executionId: 'e1', content: 'x', replyTo: 'none' }, 'invalid', 'replyTo'],
    ['message:send', { executionId: 'e1', content: 'x', mentions: ['bob'] }, 'invalid', 'mentions.0'],
    ['message:edit', { messageId: 'none', content: 'é'.repeat(8193) }, 'too_large', 'content'],
    ['message:edit', { messageId: 'none', content: 'x' }, 'forbidden', undefined],
    ['message:delete', { messageId: ['none'] }, 'invalid', 'messageId'],
    ['message:delete', { messageId: '__proto__' }, 'forbidden', undefined],
    ['message:read', { executionId: 'e1' }, 'invalid', 'messageId'],
    ['message:read', { executionId: 'e1', seq: 2 ** 53 - 1 }, 'invalid', 'seq'],
    ['message:read', { executionId: 'e1', messageId: 'none' }, 'invalid', 'messageId'],
    ['message:read', { executionId: 'a\u0000b', seq: 1 }, 'forbidden', undefined],
    ['process:emit', { processInstanceId: 'a\u007f', event: 'x', taskData: {} }, 'forbidden', undefined],
    ['execution:create', { title: '' }, 'invalid', 'title'],
    ['execution:create', { title: 'x', participants: [1] }, 'invalid', 'participants.0'],
    ['task:claim', { taskId: 'unknown' }, 'forbidden', undefined],
    ['task:complete', { taskId: 't', variables: { deep: {} } }, 'invalid', 'variables.deep'],
    ['no:such-command', {}, 'unknown_command', undefined],
    ['__proto__', {}, 'unknown_command', undefined],
    ['constructor', {}, 'unknown_command', undefined],
    ['error', {}, 'unknown_command', undefined],
  ])('%s with %j', async (name, input, code, field) => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    await execution(bench, 'foreign', ['bob']);
    const socket = await bench.sdk('alice');
    const answer = await ask(socket, name, input);
    expect(answer).toMatchObject({ success: false, error: { code, ...(field ? { field } : {}) } });
    if (!field) expect(answer.error.field).toBeUndefined();
  });

  test.each(['websocket', 'polling'])(
    'a packet that is too large, over %s, and the connection lives',
    async (transport) => {
      const bench = await startBench();
      await execution(bench, 'e1', ['alice']);
      const socket = await bench.plain('alice', { transports: [transport as 'websocket'] });
      const said = (size: number) => ({ executionId: 'e1', content: 'hello', timestamp: 'x'.repeat(size) });
      const answers = await Promise.all([
        ask(socket, 'message:send', said(10)),
        ask(socket, 'message:send', said(256 * 1024)),
        ask(socket, 'message:send', said(10)),
        ask(socket, 'nonsense', said(256 * 1024)),
      ]);
      expect(answers).toMatchObject([
        { success: true },
        { success: false, error: { code: 'too_large', retryable: false } },
        { success: true },
        { success: false, error: { code: 'unknown_command' } },
      ]);
      socket.emit('message:send', said(300 * 1024));
      expect((await heard(socket, 'refused'))[0]).toMatchObject({
        event: 'message:send',
        error: { code: 'too_large' },
      });
    },
  );

  test('also without an acknowledgement', async () => {
    const bench = await startBench();
    const socket = await bench.plain('alice');
    socket.emit('join-execution', 'unknown');
    expect((await heard(socket, 'refused'))[0]).toMatchObject({
      event: 'join-execution',
      error: { code: 'forbidden' },
    });
    socket.emit('message:send', { executionId: 'unknown', content: 'x' });
    expect((await heard(socket, 'refused'))[0]).toMatchObject({
      event: 'message:send',
      error: { code: 'forbidden' },
    });
    socket.emit('nonsense');
    expect((await heard(socket, 'refused'))[0]).toMatchObject({
      event: 'nonsense',
      error: { code: 'unknown_command' },
    });
  });
});

test('A packet far beyond the limit costs its sender the connection, and nobody else', async () => {
  const bench = await startBench();
  await execution(bench, 'e1', ['alice']);
  const [big, small] = [await bench.plain('alice'), await bench.plain('alice')];
  await Promise.all([heard(big, 'ready'), heard(small, 'ready')]);
  big.emit('message:send', { executionId: 'e1', content: 'x'.repeat(600_000) });
  await heard(big, 'disconnect');
  expect(await ask(small, 'message:send', { executionId: 'e1', content: 'still here' })).toMatchObject({
    success: true,
  });
});

test('A flood of requests is told to slow down, and what was accepted is done in order', async () => {
  const bench = await startBench({ LIMIT_CHAT_COMMANDS: '50/5', LIMIT_REFUSALS: '100/10' });
  await execution(bench, 'e1', ['alice']);
  const socket = await bench.plain('alice');
  await heard(socket, 'ready');
  const answers = await Promise.all(
    Array.from({ length: 150 }, (_, i) =>
      ask(socket, 'message:send', { executionId: 'e1', content: `${i}` }),
    ),
  );
  const accepted = answers.filter(({ success }) => success).map(({ seq }) => seq);
  expect(accepted.length).toBeGreaterThanOrEqual(50);
  expect(accepted).toEqual([...accepted].sort((a, b) => a - b));
  for (const { error } of answers.filter(({ success }) => !success))
    expect(error).toMatchObject({
      code: 'too_many_requests',
      retryable: true,
      retryAfter: expect.any(Number),
    });
});

test('A room of the same name in another domain is another room', async () => {
  const bench = await startBench();
  await execution(bench, 'e1', ['alice']);
  const [ours, theirs] = [await bench.sdk('alice'), await bench.sdk('alice', { domain: 'other' })];
  expect(await ask(theirs, 'subscribe', { rooms: ['execution:e1'] })).toMatchObject({
    success: false,
    error: { code: 'forbidden', field: 'rooms' },
  });
  const heardThere: unknown[] = [];
  theirs.on('events', (batch) => heardThere.push(batch));
  await ask(theirs, 'subscribe', { rooms: ['user:alice'] });
  await ask(ours, 'subscribe', { rooms: ['user:alice'] });
  const here = heard(ours, 'events');
  await bench.publish('default', [fact('task:created', { taskId: 't', assignee: 'alice' })]);
  await here;
  // A position of one domain is none of the other: each has lives of its own.
  const { epoch } = await bench.log.head('default');
  expect(await ask(theirs, 'subscribe', { rooms: ['user:alice'], since: `${epoch}:1` })).toMatchObject({
    recovered: false,
    seq: 0,
    rows: [],
  });
  expect(heardThere).toEqual([]);
});

test('Rubbish on the raw transport does not disturb anybody', async () => {
  const bench = await startBench();
  const socket = await bench.plain('alice');
  await heard(socket, 'ready');
  for (const frame of [
    '4',
    '42',
    '42[',
    '42["__proto__"',
    '451-["x",{"_placeholder":true,"num":99}]',
    '9',
    '\u0000',
    '4'.repeat(1000),
  ]) {
    const raw = new WebSocket(`${bench.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const closed = new Promise((resolve) => raw.addEventListener('close', resolve));
    raw.addEventListener('open', () => {
      raw.send(frame);
      raw.close();
    });
    await closed;
  }
  expect(await ask(socket, 'execution:create', { title: 'still here' })).toMatchObject({ success: true });
});
