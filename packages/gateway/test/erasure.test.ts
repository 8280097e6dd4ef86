import type { Delivered, RealtimeEvent, Subject } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { createDelivery } from '../src/delivery/delivery.ts';
import { createPublish } from '../src/ingest/publish.ts';
import {
  ask,
  type Bench,
  execution,
  fact,
  get,
  heard,
  message,
  post,
  startBench,
  until,
} from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { openStream } from './support/stream.ts';
import { troubled } from './support/troubled.ts';

const SECRET = 'my card number is 4711';
const ROOM = 'execution:e';
const said = (messageId: string, content = SECRET) => ({
  id: `say-${messageId}`,
  type: 'message:new',
  data: { messageId, executionId: 'e', content, userId: 'alice' },
});
let erasures = 0;
const erase = (bench: Bench, data: object, more: object = {}) =>
  post(bench, { id: `erase-${++erasures}`, type: 'data:erased', data, ...more });
const textOf = (answer: unknown) => JSON.stringify(answer);

/** Alice, in the room of an execution of hers, and what she hears from then on. */
async function listener(bench: Bench) {
  const socket = await bench.sdk('alice');
  const batches: Delivered[] = [];
  socket.on('events', (batch: Delivered[]) => batches.push(...batch));
  await heard(socket, 'ready');
  const answer = await ask(socket, 'subscribe', { rooms: [ROOM, 'user:alice'] });
  return { socket, batches, answer };
}

describe.each([
  ['from memory', undefined],
  ['from the log', 0],
])('A message that was erased, read %s', (_, recentBytes) => {
  const delivery = recentBytes === undefined ? {} : { recentBytes };

  test('is told to who was there, and not given to who comes back', async () => {
    const bench = await startBench({}, { delivery });
    await execution(bench, 'e', ['alice']);
    const { socket, batches, answer } = await listener(bench);
    await post(bench, said('m0', 'hello'));
    await post(bench, said('m1'));
    await until(() => textOf(batches)).toContain(SECRET);
    expect(await erase(bench, { messageId: 'm1' })).toMatchObject({ status: 201, body: { seq: 4 } });
    await until(() => batches.at(-1)).toMatchObject({
      type: 'data:erased',
      rooms: [ROOM],
      data: { subjects: ['message/m1'] },
    });

    const since = `${answer.epoch}:${answer.seq}`;
    const resumed = await ask(socket, 'subscribe', { rooms: [ROOM], since });
    expect(resumed).toMatchObject({ recovered: true, seq: 4, events: [{ seq: 2 }, { type: 'data:erased' }] });
    const fresh = await ask(socket, 'subscribe', { rooms: [ROOM] });
    const http = await get(bench, `/v1/events?room=${ROOM}&since=${since}`, 'alice');
    const back = await get(bench, `/v1/events?room=${ROOM}`, 'alice');
    const stream = await openStream(bench, `room=${ROOM}&since=${since}`, await bench.token('alice'));
    await until(() => stream.named('data:erased')).toHaveLength(1);
    for (const all of [resumed, fresh, http, back, stream.messages]) {
      expect(textOf(all)).toContain('hello');
      expect(textOf(all)).not.toContain(SECRET);
    }
  });

  test('does not come back when it is published again, and another may be said in its place', async () => {
    const bench = await startBench({}, { delivery });
    await execution(bench, 'e', ['alice']);
    const { batches } = await listener(bench);
    await post(bench, said('m1'));
    await erase(bench, { messageId: 'm1' });
    expect(await post(bench, said('m1'))).toMatchObject({ status: 200, body: { status: 'known' } });
    expect(await bench.log.rows('default', ['message/m1'])).toEqual([]);
    await post(bench, { ...said('m1', 'something else'), id: 'another' });
    await until(() => textOf(batches)).toContain('something else');
    expect(textOf(await get(bench, `/v1/events?room=${ROOM}`, 'alice'))).not.toContain(SECRET);
  });
});

test('Several subjects go together, to the rooms of all of them', async () => {
  const bench = await startBench();
  await execution(bench, 'e', ['alice']);
  await bench.publish('default', [
    fact('task:created', { taskId: 't1', taskName: SECRET, assignee: 'alice' }),
    fact('task:created', { taskId: 't2', taskName: SECRET, assignee: 'bob' }),
    message('e', 'kept'),
  ]);
  const { batches, socket } = await listener(bench);
  const plain = await bench.plain('bob');
  await heard(plain, 'ready');
  const told = heard(plain, 'data:erased');
  const subjects = ['task/t1', 'task/none', 'task/t2'];
  expect(await erase(bench, { subjects })).toMatchObject({ status: 201 });
  await until(() => batches).toMatchObject([
    { rooms: ['user:alice', 'user:bob'], data: { subjects: ['task/t1', 'task/t2'] } },
  ]);
  expect(await told).toMatchObject([{ subjects: ['task/t1', 'task/t2'] }, { type: 'data:erased' }]);
  expect(await ask(socket, 'subscribe', { rooms: ['user:alice'] })).toMatchObject({
    rows: [{ subject: 'execution/e' }],
  });
});

test('Custom events go with their room, or by their places', async () => {
  const bench = await startBench();
  await execution(bench, 'e', ['alice']);
  const shipped = (id: string, userid = 'bob') =>
    post(bench, { id, type: 'x:shipped', executionid: 'e', userid, data: { to: SECRET } });
  await shipped('s2');
  await shipped('s3');
  await post(bench, said('m4', 'kept'));
  const { socket, batches } = await listener(bench);
  const plain = await bench.plain('bob');
  await heard(plain, 'ready');
  await shipped('s5');
  await until(() => batches).toHaveLength(1);
  // Messages are named by their subjects, events of another room by that one, and what is not there not at all.
  for (const data of [
    { room: ROOM, events: [2, 4] },
    { room: 'execution:other', events: [2] },
    { room: ROOM, events: [99] },
  ])
    expect(await erase(bench, data)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid', field: 'data.events' } },
    });
  const everywhere = heard(plain, 'data:erased');
  const erasure = { room: ROOM, events: [2] };
  expect(await erase(bench, erasure, { id: 'places' })).toMatchObject({ status: 201 });
  expect(await erase(bench, erasure, { id: 'places' })).toMatchObject({ status: 200 });
  await until(() => batches.at(-1)).toMatchObject({ data: { subjects: [], events: [2], room: ROOM } });
  // Bob is in another room of theirs.
  expect(await everywhere).toMatchObject([{ room: ROOM, events: [2] }, { type: 'data:erased' }]);
  const left = async () => textOf(await get(bench, `/v1/events?room=${ROOM}`, 'alice'));
  expect((await left()).split(SECRET)).toHaveLength(3);
  expect(await left()).toContain('kept');
  const told = heard(plain, 'data:erased');
  expect(await erase(bench, { room: ROOM })).toMatchObject({ status: 201 });
  expect(await told).toMatchObject([{ room: ROOM, events: [3, 5] }, { type: 'data:erased' }]);
  const resumed = await ask(socket, 'subscribe', { rooms: ['user:alice'] });
  expect(resumed).toMatchObject({ success: true });
  const { entries } = await bench.log.readBack('default', { room: 'user:bob', limit: 99 });
  expect(textOf(entries)).not.toContain(SECRET);
});

test('An erasure of what is not there is no news', async () => {
  const bench = await startBench();
  expect(await erase(bench, { messageId: 'never' })).toMatchObject({ status: 201, body: { seq: 0 } });
});

test('An erasure that can not be meant is refused, names the field, and erases nothing', async () => {
  const bench = await startBench();
  await execution(bench, 'e', ['alice']);
  await post(bench, said('m1'));
  await post(bench, { id: 'used', type: 'x:other', executionid: 'e', data: {} });
  for (const [data, field] of [
    [{}, 'data'],
    [{ messageId: 'm1', room: ROOM }, 'data'],
    [{ subjects: [] }, 'data.subjects'],
    [{ subjects: ['message/m1', 'command/alice/1'] }, 'data.subjects.1'],
    [{ subjects: Array.from({ length: 101 }, (_, n) => `message/${n}`) }, 'data.subjects'],
    [{ room: 'kitchen:1' }, 'data.room'],
    [{ messageId: 'm1', events: [1] }, 'data'],
    [{ user: 'anna', room: ROOM }, 'data'],
    [{ room: ROOM, events: [0] }, 'data.events.0'],
  ] as const)
    expect(await erase(bench, data)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid', field } },
    });
  const room = { room: ROOM };
  expect(await erase(bench, room, { id: 'used' })).toMatchObject({
    body: { error: { code: 'duplicate_id' } },
  });
  expect(await erase(bench, room, { time: '2020-01-01T00:00:00Z' })).toMatchObject({
    body: { error: { code: 'too_old' } },
  });
  expect(await bench.log.rows('default', ['message/m1', 'execution/e'])).toHaveLength(2);
});

describe('A room that is erased', () => {
  test('loses all that it shows, open or ended, and keeps what has come since, also when that is repeated', async () => {
    const bench = await startBench();
    await bench.publish('default', [
      ...Array.from({ length: 700 }, (_, n) => fact('message:new', said(`m${n}`).data)),
      fact('task:created', { taskId: 'moved', assignee: 'bob' }),
      fact('task:assigned', { taskId: 'moved', assignee: 'carol' }),
      fact('task:created', { taskId: 'here', taskName: SECRET, processInstanceId: 'p' }),
      fact('process:started', { processInstanceId: 'p', businessKey: 'e' }),
    ]);
    const erasure = { id: 'all', type: 'data:erased', data: { room: ROOM } };
    expect(await post(bench, erasure)).toMatchObject({ status: 201 });
    await post(bench, said('later', 'still here'));
    expect(await post(bench, erasure)).toMatchObject({ status: 200, body: { status: 'known' } });
    const { entries } = await bench.log.readBack('default', { room: ROOM, limit: 1000 });
    const types = entries.map(({ body }) => (JSON.parse(body) as RealtimeEvent).type);
    expect(types).toEqual([...types.slice(0, -1).fill('data:erased'), 'message:new']);
    const names: Subject[] = ['message/m1', 'task/here', 'process/p', 'execution/e', 'task/moved'];
    expect((await bench.log.rows('default', names)).map(({ subject }) => subject)).toEqual(['task/moved']);
    const bob = await bench.log.read('default', { after: 0, rooms: ['user:bob'], limit: 9 });
    expect(bob.entries).toHaveLength(2);
  });

  test('is erased by the repetition where the first attempt was cut short', async () => {
    const real = await openLog();
    let appends = 0;
    const failing = troubled(real, {
      append: (pass) => (domain, groups) =>
        ++appends === 3 ? Promise.reject(new Error('killed')) : pass(domain, groups),
    });
    await createPublish(real)('default', [
      ...Array.from({ length: 300 }, (_, n) => fact('message:new', said(`m${n}`).data)),
    ]);
    const erasure = fact('data:erased', { room: ROOM });
    await expect(createPublish(failing)('default', [erasure])).rejects.toThrow('killed');
    const left = () => real.readBack('default', { room: ROOM, limit: 1000 });
    expect((await left()).entries.length).toBeGreaterThan(200);
    const { results } = await createPublish(real)('default', [erasure]);
    expect(results).toMatchObject([{ status: 'known' }]);
    const { entries } = await left();
    expect(entries.filter(({ subject }) => subject?.startsWith('message/'))).toEqual([]);
    const erased = entries.flatMap(({ body }) => JSON.parse(body).data.subjects as string[]);
    expect(new Set(erased).size).toBe(300);
    expect(erased).toHaveLength(300);
  });
});

test('Whoever waits for the effect of a command is not disturbed by what was erased before it was read', async () => {
  const real = await openLog();
  let isAway = false;
  const log = troubled(real, {
    watch: () => () => () => undefined,
    head: (pass) => async (domain) => (isAway ? Promise.reject(new Error('away')) : pass(domain)),
  });
  const delivery = createDelivery(log, 'default', { lookEvery: 5 });
  const { effectOf } = await delivery.channel('default');
  const effect = effectOf({ userId: 'alice', commandId: 'c1' });
  isAway = true;
  const event = (data: object) => ({
    subject: 'message/m1' as const,
    rooms: [],
    left: [],
    open: false,
    body: JSON.stringify(data),
  });
  await real.append('default', [
    { key: 'a', reads: [], events: [event({})] },
    {
      key: 'b',
      reads: [],
      events: [event({ commandId: 'c1', data: { by: 'alice' } })],
      erases: ['message/m1'],
    },
  ]);
  isAway = false;
  expect(await effect.within(5000)).toBe(2);
  effect.stop();
  delivery.close();
});
