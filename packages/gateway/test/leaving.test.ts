import { describe, expect, onTestFinished, test } from 'vitest';
import type { OwnPolicy } from '../src/auth/own-policy.ts';
import { createPolicy } from '../src/auth/policy.ts';
import { createDelivery } from '../src/delivery/delivery.ts';
import type { Member } from '../src/delivery/member.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { recheck } from '../src/sockets/recheck.ts';
import { countedLog } from './support/counted-log.ts';
import { ask, type Bench, execution, fact, heard, message, startBench, until } from './support/gateway.ts';

/** A process of its own with one open task. */
async function instance(
  bench: Bench,
  processInstanceId: string,
  task: object,
  more: object = {},
): Promise<void> {
  await bench.publish('default', [
    fact('process:started', { processInstanceId, processDefinitionKey: 'k', ...more }),
    fact('task:created', { taskId: `${processInstanceId}-t`, processInstanceId, ...task }),
  ]);
}

/** Whoever hears of what, in its order. */
async function listening(bench: Bench, user: string, rooms: string[], groups: string[] = []) {
  const socket = await bench.sdk(user, { groups });
  const said: unknown[] = [];
  socket.on('events', (batch: { seq: number; subject: string; type?: string }[]) =>
    said.push(...batch.map(({ subject, type }) => `${type ?? 'left'} ${subject}`)),
  );
  socket.on('room:left', ({ rooms, seq }: { rooms: string[]; seq: number }) => said.push({ rooms, seq }));
  const answer = await ask(socket, 'subscribe', { rooms });
  return { socket, said, answer };
}

describe('A room is left', () => {
  test('when the row that let somebody in no longer does: after that event, and before the next', async () => {
    const bench = await startBench();
    await instance(bench, 'p1', { assignee: 'alice' });
    const alice = await listening(bench, 'alice', ['user:alice', 'process:p1']);
    const bob = await listening(bench, 'bob', ['user:bob']);
    const { seq } = await bench.publish('default', [
      fact('task:assigned', { taskId: 'p1-t', assignee: 'bob' }),
      fact('task:updated', { taskId: 'p1-t', priority: 7 }),
      fact('process:suspended', { processInstanceId: 'p1' }),
    ]);
    await until(() => bob.said).toEqual(['task:assigned task/p1-t', 'task:updated task/p1-t']);
    // She still sees who has it now, as everybody in the process does, and nothing after it.
    expect(alice.said).toEqual(['task:assigned task/p1-t', { rooms: ['process:p1'], seq: seq - 2 }]);
    expect(await ask(alice.socket, 'subscribe', { rooms: ['process:p1'] })).toMatchObject({
      error: { code: 'forbidden' },
    });
  });

  test('by candidates of a group, all at once; those who have another right to it stay', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['carol']);
    await instance(bench, 'p1', { candidates: { addGroups: ['red'] } }, { businessKey: 'e1' });
    const rooms = ['process:p1', 'execution:e1'];
    const [alice, bob, carol] = await Promise.all([
      listening(bench, 'alice', rooms, ['red']),
      listening(bench, 'bob', rooms, ['red']),
      listening(bench, 'carol', rooms, ['red']),
    ]);
    await bench.publish('default', [
      fact('task:updated', { taskId: 'p1-t', candidates: { removeGroups: ['red'] } }),
      message('e1', 'not for candidates'),
    ]);
    await until(() => carol.said).toHaveLength(2);
    for (const { said } of [alice, bob])
      expect(said).toEqual(['task:updated task/p1-t', { rooms, seq: expect.any(Number) }]);
  });

  test('not by who completes a task: that makes a participant, in the same step', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', []);
    await instance(bench, 'p1', { assignee: 'alice' }, { businessKey: 'e1' });
    const alice = await listening(bench, 'alice', ['execution:e1', 'process:p1']);
    await bench.publish('default', [fact('task:completed', { taskId: 'p1-t' })]);
    await bench.publish('default', [
      message('e1', 'thank you'),
      fact('process:suspended', { processInstanceId: 'p1' }),
    ]);
    await until(() => alice.said).toEqual([
      'task:completed task/p1-t',
      'execution:updated execution/e1',
      expect.stringContaining('message:new'),
      'process:suspended process/p1',
    ]);
  });

  test('by plain clients and by event streams, too', async () => {
    const bench = await startBench();
    await instance(bench, 'p1', { assignee: 'alice' });
    const plain = await bench.plain('alice');
    expect(await ask(plain, 'join-process', 'p1')).toMatchObject({ success: true });
    const left = heard(plain, 'room:left');
    const headers = { authorization: `Bearer ${await bench.token('alice')}`, accept: 'text/event-stream' };
    const stream = await fetch(`${bench.url}/v1/events?room=process:p1`, { headers });
    const text = stream.text();
    await until(() =>
      bench
        .publish('default', [fact('task:updated', { taskId: 'p1-t', priority: (Math.random() * 1e6) | 0 })])
        .then(() => true),
    ).toBe(true);
    await bench.publish('default', [fact('task:unassigned', { taskId: 'p1-t', assignee: null })]);
    await bench.publish('default', [fact('process:suspended', { processInstanceId: 'p1' })]);
    expect(await left).toEqual([{ rooms: ['process:p1'] }]);
    const said = await text;
    expect(said).toMatch(
      /event: task:unassigned[\s\S]*event: room:left\ndata: \{"rooms":\["process:p1"\]\}[\s\S]*event: closing\ndata: \{"code":"room_left"/,
    );
    expect(said).not.toContain('suspended');
    const again = await fetch(`${bench.url}/v1/events?room=process:p1`, { headers });
    expect(again.status).toBe(403);
  });

  test('and can be entered again when a row gives the right again', async () => {
    const bench = await startBench();
    await instance(bench, 'p1', { assignee: 'alice' });
    const alice = await listening(bench, 'alice', ['user:alice', 'process:p1']);
    const assign = (assignee: string) =>
      bench.publish('default', [fact('task:assigned', { taskId: 'p1-t', assignee })]);
    await assign('bob');
    await assign('alice');
    await until(() => alice.said).toHaveLength(3);
    const before = await ask(alice.socket, 'unsubscribe', { rooms: [] });
    const back = await ask(alice.socket, 'subscribe', { rooms: ['process:p1'] });
    expect(back).toMatchObject({ success: true, rooms: ['process:p1'], revision: before.revision + 1 });
    await bench.publish('default', [fact('process:suspended', { processInstanceId: 'p1' })]);
    await until(() => alice.said.at(-1)).toBe('process:suspended process/p1');
  });

  test('when an execution is erased', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const alice = await listening(bench, 'alice', ['execution:e1']);
    await bench.publish('default', [fact('data:erased', { subjects: ['execution/e1'] })]);
    await bench.publish('default', [message('e1', 'nobody is there')]);
    await until(() => alice.said).toEqual([
      expect.stringContaining('data:erased'),
      { rooms: ['execution:e1'], seq: 2 },
    ]);
  });
});

test('A member whose token was replaced keeps the rooms that the new one opens, and leaves the others', async () => {
  const { log } = await countedLog();
  onTestFinished(() => log.close());
  const publish = createPublish(log);
  const policy = createPolicy(log);
  const delivery = createDelivery(log, 'default');
  onTestFinished(() => delivery.close());
  const channel = await delivery.channel('default');
  const task = (taskId: string, group: string) =>
    fact('task:created', { taskId, processInstanceId: taskId, candidates: { addGroups: [group] } });
  await publish('default', [task('1', 'red'), task('2', 'blue'), task('3', 'blue')]);
  const said: unknown[] = [];
  const member: Member = {
    rooms: new Set(),
    revision: 0,
    take: (owed) => said.push(...owed.map(({ item }) => item.entry.subject)),
    left: (rooms) => said.push(rooms),
    close: () => said.push('closed'),
  };
  const before = {
    userId: 'a',
    domainId: 'default',
    groups: ['red', 'blue'],
    roles: [],
    rooms: [],
    expires: 0,
  };
  const after = { ...before, groups: ['blue'], rooms: ['process:3'] };
  for (const name of ['group:red', 'group:blue', 'process:1', 'process:2', 'process:3'])
    channel.audience.enter(member, [await policy.grant(before, name, channel)]);
  const { revision } = member;
  await recheck({ member, isHere: () => true, isPlain: false, channel, policy }, after);
  expect(said).toEqual([['group:red', 'process:1']]);
  expect(member.revision).toBe(revision + 1);
  // What the row gave ends with it, what the token says now does not.
  const unlisted = (taskId: string) =>
    fact('task:updated', { taskId, candidates: { removeGroups: ['blue'] } });
  const { seq } = await publish('default', [unlisted('2'), unlisted('3')]);
  await channel.tail.reached(seq);
  expect(said.slice(1)).toEqual(['task/2', ['process:2'], 'task/3']);
  expect([...member.rooms].sort()).toEqual(['group:blue', 'process:3']);
});

describe('What is not theirs, and what is not there', () => {
  test('are refused by the same answer, after the same look-ups', async () => {
    const { log, calls } = await countedLog();
    const bench = await startBench({}, { log });
    await execution(bench, 'e1', ['bob']);
    await instance(bench, 'p1', { assignee: 'bob' }, { businessKey: 'e1' });
    await instance(bench, 'p2', { assignee: 'bob' });
    const bob = await listening(bench, 'bob', ['execution:e1', 'process:p1', 'process:p2']);
    expect(bob.answer.rooms).toHaveLength(3);
    const mallory = await bench.sdk('mallory', { groups: ['red'] });
    await heard(mallory, 'ready');
    const refusal = async (room: string) => {
      calls.length = 0;
      const answer = await ask(mallory, 'subscribe', { rooms: [room] });
      return { answer, calls: [...calls] };
    };
    const unknown = await refusal('process:none');
    expect(unknown.answer).toMatchObject({ success: false, error: { code: 'forbidden' } });
    expect(unknown.calls).toEqual(['rows', 'meetings', 'meetings']);
    expect(await refusal('process:p1')).toEqual(unknown);
    expect(await refusal('process:p2')).toEqual(unknown);
    expect(await refusal('execution:e1')).toEqual(await refusal('execution:none'));
    expect(await refusal('definition:k')).toEqual(await refusal('definition:none'));
    const task = async (taskId: string) => {
      calls.length = 0;
      const { commandId: _id, ...answer } = await ask(mallory, 'task:claim', { taskId });
      return { answer, calls: [...calls] };
    };
    expect(await task('p1-t')).toEqual(await task('none'));
  });
});

describe('A policy of one’s own', () => {
  const policy: OwnPolicy = {
    mayEnter: async (actor, room, standard) =>
      room === 'definition:secret' ? false : actor.groups.includes('auditors') || (await standard()),
    mayCommand: async (_actor, { name }, standard) => name !== 'execution:create' && (await standard()),
  };

  test('widens and narrows what is built in; what the rows justify still ends with them', async () => {
    const bench = await startBench({}, { policy });
    await instance(bench, 'p1', { assignee: 'alice' });
    const auditor = await listening(bench, 'audrey', ['definition:k', 'definition:secret'], ['auditors']);
    expect(auditor.answer).toMatchObject({
      rooms: ['definition:k'],
      refused: [{ room: 'definition:secret' }],
    });
    const alice = await listening(bench, 'alice', ['process:p1']);
    await bench.publish('default', [
      fact('task:assigned', { taskId: 'p1-t', assignee: 'bob' }),
      fact('process:suspended', { processInstanceId: 'p1' }),
    ]);
    await until(() => alice.said.at(-1)).toMatchObject({ rooms: ['process:p1'] });
    await until(() => auditor.said).toHaveLength(1);
    expect(await ask(alice.socket, 'execution:create', { title: 'x' })).toMatchObject({
      error: { code: 'forbidden' },
    });
  });

  test('is asked again after its time, and its room is left when it says no', async () => {
    let may = true;
    let asked = 0;
    const bench = await startBench(
      {},
      {
        delivery: { checkpointEvery: 200 },
        policy: {
          mayEnter() {
            asked++;
            return { may, seconds: 0.05 };
          },
        },
      },
    );
    const alice = await listening(bench, 'alice', ['execution:any']);
    await until(() => asked).toBeGreaterThan(3);
    expect(alice.said).toEqual([]);
    may = false;
    await until(() => alice.said).toEqual([{ rooms: ['execution:any'], seq: 0 }]);
  });

  test('that throws refuses', async () => {
    const bench = await startBench(
      {},
      {
        policy: {
          mayEnter() {
            throw new Error('a bug of theirs');
          },
        },
      },
    );
    const alice = await listening(bench, 'alice', ['user:alice']);
    expect(alice.answer).toMatchObject({ success: false, error: { code: 'forbidden' } });
  });
});
