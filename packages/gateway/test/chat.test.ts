import type { Delivered } from '@netbuild/realtime-protocol';
import type { Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPublish } from '../src/ingest/publish.ts';
import {
  ask,
  type Bench,
  execution,
  fact,
  get,
  heard,
  startBench,
  until,
  withClaims,
} from './support/gateway.ts';
import { useStoredLogs } from './support/logs.ts';

const STORED_LOGS = useStoredLogs();

const ROOM = 'execution:e';

/** A plain client, and all that it hears of chats, in its order. */
async function plainOf(bench: Bench, user: string) {
  const socket = await bench.plain(user);
  // biome-ignore lint/suspicious/noExplicitAny: tests look at rows of every shape.
  const said: [type: string, data: any][] = [];
  for (const type of [
    'message:new',
    'message:edited',
    'message:deleted',
    'message:read',
    'data:erased',
    'left',
  ])
    socket.on(type, (data) => said.push([type, data]));
  await heard(socket, 'ready');
  return { socket, said };
}

/** An SDK's socket in rooms, and all that comes after its answer. */
async function sdkOf(bench: Bench, user: string, rooms: string[]) {
  const socket = await bench.sdk(user);
  const batches: Delivered[] = [];
  socket.on('events', (batch: Delivered[]) => batches.push(...batch));
  await heard(socket, 'ready');
  return { socket, batches, answer: await ask(socket, 'subscribe', { rooms }) };
}

/** Two people in an execution, alice in its room, bob at home; and somebody outside. */
async function startTalk(
  environment: Record<string, string> = {},
  parts: Parameters<typeof startBench>[1] = {},
) {
  const bench = await startBench(environment, parts);
  await execution(bench, 'e', ['alice', 'bob']);
  await execution(bench, 'other', ['mallory']);
  const [alice, bob, mallory] = await Promise.all(
    ['alice', 'bob', 'mallory'].map((who) => plainOf(bench, who)),
  );
  await ask(alice!.socket, 'join-execution', 'e');
  return { bench, alice: alice!, bob: bob!, mallory: mallory! };
}

async function send(socket: Socket, content: string, more: object = {}): Promise<string> {
  const { result, error } = await ask(socket, 'message:send', { executionId: 'e', content, ...more });
  expect(error).toBeUndefined();
  return result.messageId;
}

const codeOf = async (socket: Socket, name: string, input: object) =>
  (await ask(socket, name, input)).error?.code;
const eventsOf = async (bench: Bench, who = 'alice') =>
  (await get(bench, `/v1/events?room=${ROOM}`, who)).events;

describe('A message', () => {
  test('names what it answers and whom it means, who hear of it without being in the room', async () => {
    const { alice, bob } = await startTalk();
    const first = await send(alice.socket, 'Who?');
    const second = await send(bob.socket, 'You!', { replyTo: first, mentions: ['alice'] });
    await send(alice.socket, 'And you', { replyTo: second, mentions: ['bob'] });
    await until(() => bob.said).toMatchObject([['message:new', { content: 'And you', mentions: ['bob'] }]]);
    await until(() => alice.said).toMatchObject([
      ['message:new', { messageId: first, content: 'Who?' }],
      ['message:new', { messageId: second, replyTo: first, mentions: ['alice'] }],
      ['message:new', { replyTo: second }],
    ]);
  });

  test('has an id that tells nobody, the same for the same command', async () => {
    const { alice } = await startTalk();
    const id = await send(alice.socket, 'once', { commandId: 'c1' });
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(await send(alice.socket, 'once', { commandId: 'c1' })).toBe(id);
    await until(() => alice.said).toHaveLength(1);
  });

  test('does not answer one of another execution, nor mention who is not there: the field is named', async () => {
    const { alice, mallory } = await startTalk();
    const foreign = await ask(mallory.socket, 'message:send', { executionId: 'other', content: 'x' });
    const refused = async (more: object) =>
      (await ask(alice.socket, 'message:send', { executionId: 'e', content: 'x', ...more })).error;
    const unknown = await refused({ replyTo: 'none' });
    expect(unknown).toMatchObject({ code: 'invalid', field: 'replyTo', retryable: false });
    expect(await refused({ replyTo: foreign.result.messageId })).toEqual(unknown);
    expect(await refused({ mentions: ['bob', 'mallory'] })).toMatchObject({
      code: 'invalid',
      field: 'mentions.1',
    });
    expect(alice.said).toEqual([]);
  });
});

describe('A message that is edited', () => {
  test('is told as it now is, once, and the history keeps what it said before', async () => {
    const { bench, alice, bob } = await startTalk();
    const messageId = await send(alice.socket, 'Helo', { mentions: ['bob'] });
    const edit = { messageId, content: 'Hello', commandId: 'c1' };
    const first = await ask(alice.socket, 'message:edit', edit);
    expect(first).toMatchObject({ success: true, result: { messageId } });
    expect(await ask(alice.socket, 'message:edit', edit)).toEqual(first);
    expect(await codeOf(alice.socket, 'message:edit', { ...edit, content: 'Other' })).toBe('duplicate_id');
    await until(() => bob.said).toMatchObject([
      ['message:new', { content: 'Helo' }],
      ['message:edited', { messageId, content: 'Hello', userId: 'alice', edited: expect.any(String) }],
    ]);
    await until(() => alice.said).toEqual(bob.said);
    const events = await eventsOf(bench);
    expect(events.slice(1)).toMatchObject([{ data: { content: 'Helo' } }, { data: { content: 'Hello' } }]);
  });

  test('is held to what a message may be', async () => {
    const { alice } = await startTalk();
    const messageId = await send(alice.socket, 'x');
    for (const [content, code] of [
      [' ', 'invalid'],
      ['é'.repeat(8193), 'too_large'],
    ])
      expect((await ask(alice.socket, 'message:edit', { messageId, content })).error).toMatchObject({
        code,
        field: 'content',
      });
  });
});

describe('Who may', () => {
  test('edit: who has said it, takes part still, and is in time', async () => {
    const { bench, alice, bob, mallory } = await startTalk({ MESSAGE_EDIT_MINUTES: '60' });
    const messageId = await send(alice.socket, 'mine');
    const edit = (socket: Socket, id = messageId) =>
      ask(socket, 'message:edit', { messageId: id, content: 'yours' });
    const [foreign, unknown] = [await edit(mallory.socket), await edit(mallory.socket, 'none')];
    expect(foreign.error).toEqual(unknown.error);
    expect(unknown.error).toMatchObject({ code: 'forbidden' });
    expect((await edit(bob.socket)).error.code).toBe('forbidden');
    const said = { executionId: 'e', userId: 'alice', content: 'x' };
    const before = (minutes: number) => ({ time: new Date(Date.now() - minutes * 60_000).toISOString() });
    await bench.publish('default', [
      fact('message:new', { ...said, messageId: 'late' }, before(61)),
      fact('message:new', { ...said, messageId: 'early' }, before(59)),
    ]);
    expect((await edit(alice.socket, 'late')).error).toMatchObject({
      code: 'message_closed',
      field: 'messageId',
    });
    expect((await edit(bob.socket, 'late')).error.code).toBe('forbidden');
    // As whoever sends an edit again that was in time.
    expect(await codeOf(alice.socket, 'message:edit', { messageId: 'late', content: 'x' })).toBeUndefined();
    expect(await edit(alice.socket, 'early')).toMatchObject({ success: true });
    await ask(alice.socket, 'execution:leave', { executionId: 'e' });
    expect((await edit(alice.socket)).error.code).toBe('forbidden');
  });

  test('delete: who has said it, at any time, and moderators who take part', async () => {
    const { bench, alice, bob, mallory } = await startTalk({ MESSAGE_EDIT_MINUTES: '0' });
    const [one, two] = [await send(alice.socket, 'one'), await send(alice.socket, 'two')];
    const remove = (socket: Socket, messageId: string) => ask(socket, 'message:delete', { messageId });
    const moderator = await withClaims(bench, 'bob', { roles: ['moderator'] });
    const stranger = await withClaims(bench, 'mallory', { roles: ['moderator'] });
    for (const socket of [bob.socket, mallory.socket, stranger])
      expect((await remove(socket, one)).error).toEqual((await remove(socket, 'none')).error);
    expect(await codeOf(moderator, 'message:edit', { messageId: one, content: 'x' })).toBe('forbidden');
    expect(await codeOf(alice.socket, 'message:edit', { messageId: one, content: 'x' })).toBe(
      'message_closed',
    );
    expect(await remove(moderator, one)).toMatchObject({ success: true, result: { messageId: one } });
    expect(await remove(alice.socket, two)).toMatchObject({ success: true });
    await until(() => alice.said.filter(([type]) => type === 'message:deleted')).toMatchObject([
      ['message:deleted', { messageId: one, userId: 'alice', by: 'bob', deleted: expect.any(String) }],
      ['message:deleted', { messageId: two, userId: 'alice', by: 'alice' }],
    ]);
  });

  test('delete: whom another role lets, in the rooms that it opens alone', async () => {
    const ROLES = JSON.stringify({ warden: { rooms: ['execution:e'], commands: ['message:delete'] } });
    const { bench, alice, mallory } = await startTalk({ ROLES });
    const foreign = await ask(mallory.socket, 'message:send', { executionId: 'other', content: 'x' });
    await execution(bench, 'both', ['alice', 'walter']);
    const there = await ask(alice.socket, 'message:send', { executionId: 'both', content: 'x' });
    const warden = await withClaims(bench, 'walter', { roles: ['warden', 'moderator'] });
    expect(
      await codeOf(warden, 'message:delete', { messageId: await send(alice.socket, 'x') }),
    ).toBeUndefined();
    for (const { result } of [foreign, there])
      expect(await codeOf(warden, 'message:delete', result)).toBe('forbidden');
  });

  test('what a policy of your own says in its place', async () => {
    const bench = await startBench(
      { MESSAGE_EDIT_MINUTES: '0' },
      {
        policy: {
          mayCommand: async (actor, { name }, standard) =>
            (await standard()) || (name === 'message:edit' && actor.userId === 'editor'),
        },
      },
    );
    await execution(bench, 'e', ['alice', 'editor']);
    const [alice, editor] = [await bench.plain('alice'), await bench.plain('editor')];
    const messageId = await send(alice, 'hte');
    expect(await codeOf(alice, 'message:edit', { messageId, content: 'the' })).toBe('message_closed');
    expect(await codeOf(editor, 'message:edit', { messageId, content: 'the' })).toBeUndefined();
    const [row] = await bench.log.rows('default', [`message/${messageId}`]);
    expect(JSON.parse(row!.body).data).toMatchObject({ content: 'the', userId: 'alice', by: 'editor' });
  });
});

describe.each(STORED_LOGS)('A message that is deleted, on %s,', (_, openLog) => {
  test('leaves its place for who pages back, and of what it said nothing, on screens and in the files', async () => {
    const under = await openLog();
    onTestFinished(() => under.dispose());
    const { bench, alice, bob } = await startTalk({}, { log: under.log });
    const WORDS = ['canary-one', 'canary-two'];
    const sdk = await sdkOf(bench, 'alice', [ROOM]);
    const messageId = await send(alice.socket, WORDS[0]!, { mentions: ['bob'] });
    const reply = await send(bob.socket, 'kept', { replyTo: messageId });
    await ask(alice.socket, 'message:edit', { messageId, content: WORDS[1] });
    const stored = async () => (await under.stored()).toString('latin1');
    for (const word of WORDS) expect(await stored()).toContain(word);

    const remove = { messageId, commandId: 'd1' };
    const done = await ask(alice.socket, 'message:delete', remove);
    expect(done).toMatchObject({ success: true });
    expect(await ask(alice.socket, 'message:delete', remove)).toEqual(done);
    expect(await codeOf(alice.socket, 'message:edit', { messageId, content: 'x' })).toBe('message_closed');
    const left = { messageId, executionId: 'e', userId: 'alice', by: 'alice' };
    const whole = { ...left, timestamp: expect.any(String), deleted: expect.any(String) };
    await until(() => sdk.batches.slice(-2)).toMatchObject([
      { type: 'data:erased', data: { subjects: [`message/${messageId}`] } },
      { type: 'message:deleted', data: left },
    ]);
    // Who was only mentioned hears that it is gone, and no more.
    await until(() => bob.said.at(-1)).toEqual(['data:erased', { subjects: [`message/${messageId}`] }]);

    const since = `${sdk.answer.epoch}:${sdk.answer.seq}`;
    const resumed = await ask(sdk.socket, 'subscribe', { rooms: [ROOM], since });
    const fresh = await ask(sdk.socket, 'subscribe', { rooms: [ROOM] });
    const history = await eventsOf(bench);
    expect(resumed).toMatchObject({ recovered: true });
    for (const all of [resumed, fresh, history, await get(bench, '/v1/events?room=user:bob', 'bob')])
      expect(JSON.stringify(all)).not.toMatch(/canary/);
    const places = history.filter(({ type }: { type: string }) => type.startsWith('message:'));
    expect(places).toMatchObject([
      { data: { messageId: reply, replyTo: messageId } },
      { type: 'message:deleted' },
    ]);
    expect(places[1].data).toEqual(whole);
    for (let more = true; more; ) ({ more } = await under.log.trim('default', {}));
    await until(stored).not.toMatch(/canary/);
    expect(await stored()).toContain('kept');
  });

  test('stays deleted, whatever edits come at the same time', async () => {
    const under = await openLog();
    onTestFinished(() => under.dispose());
    const nodes = [createPublish(under.log), createPublish(under.log)];
    const message = { messageId: 'm', executionId: 'e', userId: 'alice', content: 'canary' };
    await nodes[0]!('default', [fact('message:new', message)]);
    const at = (n: number, type: string, data: object) =>
      nodes[n % 2]!('default', [fact(type, { messageId: 'm', ...data })]);
    const edits = Array.from({ length: 20 }, (_, n) => at(n, 'message:edited', { content: `canary ${n}` }));
    await Promise.all([...edits.slice(0, 10), at(1, 'message:deleted', {}), ...edits.slice(10)]);
    const { entries } = await under.log.readBack('default', { room: ROOM, limit: 99 });
    expect(entries.map(({ body }) => JSON.parse(body).type)).toEqual(['data:erased', 'message:deleted']);
    expect(JSON.stringify(await under.log.read('default', { after: 0, limit: 99 }))).not.toContain('canary');
  });
});

describe("A reader's place", () => {
  test('moves forward for the own devices and for who takes part, and never back', async () => {
    const { bench, alice, bob } = await startTalk();
    const [one, two] = [await send(alice.socket, 'one'), await send(alice.socket, 'two')];
    const read = (what: object) => ask(bob.socket, 'message:read', { executionId: 'e', ...what });
    const phone = await sdkOf(bench, 'bob', ['user:bob']);
    const [first] = (await bench.log.rows('default', [`message/${one}`])).map(({ seq }) => seq);
    // An edit comes after the other one, which is not read with it.
    await ask(alice.socket, 'message:edit', { messageId: one, content: 'first' });
    expect(await read({ messageId: one, commandId: 'r1' })).toMatchObject({ result: { executionId: 'e' } });
    await until(() => phone.batches).toMatchObject([
      { type: 'message:read', data: { executionId: 'e', userId: 'bob', seq: first } },
    ]);
    await read({ messageId: two });
    await read({ messageId: one });
    await read({ seq: 1 });
    const { seq } = await bench.log.head('default');
    await read({ seq });
    await until(() => alice.said.filter(([type]) => type === 'message:read')).toHaveLength(3);
    const places = alice.said.filter(([type]) => type === 'message:read').map(([, data]) => data.seq);
    expect(places).toEqual([first, first! + 1, seq]);
    await until(() => phone.batches).toHaveLength(3);
    expect(await get(bench, '/v1/unread', 'bob')).toMatchObject({ executions: [{ read: seq, unread: 0 }] });
  });

  test('is a message of that execution, or a position that there is', async () => {
    const { bench, bob, mallory } = await startTalk();
    const foreign = await ask(mallory.socket, 'message:send', { executionId: 'other', content: 'x' });
    const read = async (what: object, socket = bob.socket) =>
      (await ask(socket, 'message:read', { executionId: 'e', ...what })).error;
    const unknown = await read({ messageId: 'none' });
    expect(unknown).toMatchObject({ code: 'invalid', field: 'messageId' });
    expect(await read(foreign.result)).toEqual(unknown);
    const { seq } = await bench.log.head('default');
    expect(await read({ seq: seq + 1 })).toMatchObject({ code: 'invalid', field: 'seq' });
    for (const what of [{ messageId: 'none' }, { seq }, { seq: seq + 1 }])
      expect(await read(what, mallory.socket)).toMatchObject({ code: 'forbidden' });
  });

  test('comes with the snapshot of its execution, and does not crowd out what was said', async () => {
    const { bench, alice, bob } = await startTalk();
    const messageId = await send(alice.socket, 'hello');
    await ask(bob.socket, 'message:read', { executionId: 'e', messageId });
    const { answer } = await sdkOf(bench, 'alice', [ROOM]);
    const of = (all: { type: string; data: object }[]) => all.map(({ type }) => type);
    expect(of(answer.events)).toEqual(['execution:created', 'message:new']);
    expect(answer.rows).toMatchObject([
      { type: 'execution:created' },
      { type: 'message:read', ended: true, data: { userId: 'bob' } },
    ]);
  });

  test('is no right to the execution', async () => {
    const { bench, alice, bob } = await startTalk();
    const messageId = await send(alice.socket, 'hello');
    await ask(bob.socket, 'message:read', { executionId: 'e', messageId });
    await ask(bob.socket, 'execution:leave', { executionId: 'e' });
    expect(await codeOf(bob.socket, 'join-execution', 'e' as never)).toBe('forbidden');
    expect(await codeOf(bob.socket, 'message:read', { executionId: 'e', messageId })).toBe('forbidden');
    expect(await get(bench, '/v1/unread', 'bob')).toMatchObject({ executions: [] });
  });
});

describe('GET /v1/unread', () => {
  test('counts what others have said since, each once, and nothing that is gone', async () => {
    const { bench, alice, bob } = await startTalk();
    const unread = async (who: string) => (await get(bench, '/v1/unread', who)).executions;
    const read = await send(alice.socket, 'read');
    await ask(bob.socket, 'message:read', { executionId: 'e', messageId: read });
    const [edited, deleted] = [await send(alice.socket, 'edited'), await send(alice.socket, 'deleted')];
    await send(bob.socket, 'mine');
    await ask(alice.socket, 'message:edit', { messageId: read, content: 'read before' });
    await ask(alice.socket, 'message:edit', { messageId: edited, content: 'twice' });
    await ask(alice.socket, 'message:edit', { messageId: edited, content: 'three times' });
    expect(await unread('bob')).toMatchObject([{ executionId: 'e', unread: 2 }]);
    await ask(alice.socket, 'message:delete', { messageId: deleted });
    expect(await unread('bob')).toEqual([{ executionId: 'e', read: expect.any(Number), unread: 1 }]);
    expect(await unread('alice')).toEqual([{ executionId: 'e', read: 0, unread: 1 }]);
    expect(await unread('mallory')).toEqual([{ executionId: 'other', read: 0, unread: 0 }]);
  });

  test('stops at a hundred, and does not look through a long past for the last of them', async () => {
    const bench = await startBench();
    await execution(bench, 'e', ['alice', 'bob']);
    const say = (userId: string, from: number, count: number) =>
      bench.publish(
        'default',
        Array.from({ length: count }, (_, n) =>
          fact('message:new', { messageId: `m${from + n}`, executionId: 'e', userId, content: 'x' }),
        ),
      );
    const unread = async () => (await get(bench, '/v1/unread', 'bob')).executions[0];
    await say('alice', 0, 99);
    expect(await unread()).toEqual({ executionId: 'e', read: 0, unread: 99 });
    await say('alice', 99, 30);
    expect(await unread()).toEqual({ executionId: 'e', read: 0, unread: 100, more: true });
    await say('bob', 200, 490);
    expect(await unread()).toEqual({ executionId: 'e', read: 0, unread: 10, more: true });
  });

  test('counts nothing of an execution that a policy of your own keeps somebody out of', async () => {
    const mayEnter = async (_actor: unknown, room: string, standard: () => Promise<boolean>) =>
      room !== ROOM && standard();
    const bench = await startBench({}, { policy: { mayEnter } });
    await execution(bench, 'e', ['bob']);
    await execution(bench, 'f', ['bob']);
    expect(await get(bench, '/v1/unread', 'bob')).toMatchObject({ executions: [{ executionId: 'f' }] });
  });

  test('comes in pages, of which each execution has one', async () => {
    const bench = await startBench();
    await bench.publish(
      'default',
      Array.from({ length: 120 }, (_, n) =>
        fact('execution:created', { executionId: `e${n}`, title: 'x', participants: ['bob'] }),
      ),
    );
    await bench.publish('default', [
      fact('task:created', { taskId: 't', assignee: 'bob' }),
      fact('process:started', { processInstanceId: 'p', startedBy: 'bob' }),
    ]);
    const all: string[] = [];
    const sizes: number[] = [];
    for (let more: string | undefined = ''; more !== undefined; ) {
      const page = await get(bench, `/v1/unread${more && `?more=${encodeURIComponent(more)}`}`, 'bob');
      all.push(...page.executions.map(({ executionId }: { executionId: string }) => executionId));
      sizes.push(page.executions.length);
      more = page.more;
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(new Set(all).size).toBe(120);
    expect(await get(bench, '/v1/unread?more=task/1', 'bob')).toMatchObject({
      error: { code: 'invalid', field: 'more' },
    });
  });
});
