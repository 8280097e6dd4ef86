import type { Delivered, Subject } from '@netbuild/realtime-protocol';
import type { Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPublish } from '../src/ingest/publish.ts';
import { ask, type Bench, execution, fact, get, heard, post, startBench, until } from './support/gateway.ts';
import { useStoredLogs } from './support/logs.ts';
import { troubled } from './support/troubled.ts';

const STORED_LOGS = useStoredLogs();

const ANNA = 'anna-canary';
const WORDS = 'what she has said';
const ROOM = 'execution:e';

const task = (type: string, data: object) => fact(type, { taskId: 't', processInstanceId: 'p', ...data });
const said = (messageId: string, userId: string, content: string) =>
  fact('message:new', { messageId, executionId: 'e', userId, content });

const submission = (submissionId: string, submittedBy: string, set: object) =>
  fact('form:submitted', {
    submissionId,
    submittedBy,
    formKey: 'check',
    formVersion: 'v1',
    processInstanceId: 'p',
    variables: { set },
  });

const NAMING = { executionId: 'e', userId: 'bob', content: 'what do you think?' };

/** All that may be of a person: said, asked, done, given to them, told to them, and in the past alone. */
const HISTORY = [
  fact('execution:created', {
    executionId: 'e',
    title: 'Work',
    participants: [ANNA, 'bob'],
    createdBy: ANNA,
  }),
  fact('process:started', { processInstanceId: 'p', businessKey: 'e', startedBy: ANNA }),
  fact('process:updated', {
    processInstanceId: 'p',
    processDefinitionKey: 'order',
    variables: { set: { approver: ANNA, amount: 12 } },
  }),
  said('m1', ANNA, WORDS),
  said('m2', 'bob', `thank you, ${'x'.repeat(20)}`),
  fact('message:new', { ...NAMING, messageId: 'm4', mentions: [ANNA, 'bob'] }),
  fact('message:new', { ...NAMING, messageId: 'm5', content: 'rude' }),
  fact('message:deleted', { messageId: 'm5', by: ANNA }),
  submission('s1', ANNA, { note: WORDS }),
  submission('s2', 'bob', { approver: ANNA, amount: 12 }),
  task('task:created', { assignee: ANNA, taskName: 'Check', by: 'bob' }),
  task('task:assigned', { assignee: 'bob', by: ANNA }),
  task('task:created', { taskId: 'done', assignee: ANNA, owner: ANNA }),
  task('task:completed', { taskId: 'done', by: ANNA }),
  fact('approval:requested', {
    approvalId: 'a',
    executionId: 'e',
    title: 'Discount',
    candidateUsers: [ANNA, 'bob'],
    requestedBy: ANNA,
  }),
  fact('approval:completed', { approvalId: 'a', state: 'approved', decidedBy: ANNA }),
  fact('process:error', { incidentId: 'i', processInstanceId: 'p', message: 'no answer' }),
  fact('process:error-resolved', { incidentId: 'i', by: ANNA }),
  fact(
    'command:accepted',
    {
      commandId: 'c',
      type: 'task:complete',
      userId: ANNA,
      target: 'task/t',
      payload: { note: WORDS },
      digest: 'd',
    },
    { source: `user/${ANNA}` },
  ),
  fact('command:completed', { commandId: 'c', userId: ANNA }, { source: `user/${ANNA}` }),
  fact('x:told', { text: WORDS }, { rooms: [`user:${ANNA}`] }),
  fact('x:signed', { signer: ANNA, text: WORDS }, { rooms: [ROOM] }),
  fact('x:other', { text: 'kept' }, { rooms: [ROOM] }),
];

describe.each(STORED_LOGS)('Of a person who was erased, on %s,', (_, openLog) => {
  test('nothing is left in the files, and of the rest nothing is lost', async () => {
    const under = await openLog();
    onTestFinished(() => under.dispose());
    const log = (await under.reopen?.({ keepKeys: 1 })) ?? under.log;
    await createPublish(log)('default', HISTORY);
    const stored = async () => (await under.stored()).toString('latin1');
    for (const canary of [ANNA, WORDS]) expect(await stored()).toContain(canary);

    const { results } = await createPublish(log)('default', [fact('data:erased', { user: ANNA })]);
    expect(results).toMatchObject([{ status: 'new' }]);
    for (let more = true; more; ) ({ more } = await log.trim('default', {}));
    await until(stored).not.toMatch(new RegExp(`${ANNA}|${WORDS}`));

    const names: Subject[] = [
      'execution/e',
      'process/p',
      'task/t',
      'task/done',
      'incident/i',
      'message/m2',
      'approval/a',
    ];
    names.push('message/m4', 'message/m5');
    const rows = await log.rows('default', [...names, 'message/m1', `command/${ANNA}/c`]);
    const data = Object.fromEntries(rows.map((row) => [row.subject, JSON.parse(row.body).data]));
    expect(Object.keys(data).sort()).toEqual([...names].sort());
    expect(data).toMatchObject({
      'execution/e': { title: 'Work', participants: ['bob'] },
      'process/p': { state: 'active', variables: { amount: 12 }, omittedVariables: ['approver'] },
      'task/t': { state: 'open', assignee: 'bob', taskName: 'Check' },
      'task/done': { state: 'completed' },
      'approval/a': { state: 'approved', title: 'Discount', candidateUsers: ['bob'] },
      'incident/i': { state: 'resolved', message: 'no answer' },
      'message/m4': { content: NAMING.content, mentions: ['bob'] },
      'message/m5': { userId: 'bob', deleted: expect.any(String) },
    });
    const open = await log.snapshot('default', { rooms: [ROOM], limit: 9 });
    expect(open.rows.map(({ subject }) => subject)).toEqual(['execution/e', 'process/p', 'task/t']);
    const { entries } = await log.readBack('default', { room: ROOM, limit: 99 });
    expect(entries.map(({ body }) => JSON.parse(body).type)).toContain('x:other');
    expect(await log.readBack('default', { room: `user:${ANNA}`, limit: 9 })).toMatchObject({ entries: [] });
  });

  test('what they have sent, read and deleted by commands of a socket goes, and tells nobody in what is left', async () => {
    const under = await openLog();
    onTestFinished(() => under.dispose());
    const bench = await startBench({}, { log: under.log });
    await execution(bench, 'e', [ANNA, 'bob']);
    const [anna, bob] = [await bench.plain(ANNA), await bench.plain('bob')];
    const send = async (socket: Socket, content: string): Promise<{ messageId: string }> =>
      (await ask(socket, 'message:send', { executionId: 'e', content })).result;
    const [hers, gone, his] = [await send(anna, WORDS), await send(anna, 'gone'), await send(bob, 'kept')];
    await ask(anna, 'message:edit', { ...hers, content: `${WORDS}, and more` });
    await ask(anna, 'message:delete', gone);
    await ask(anna, 'message:read', { executionId: 'e', ...his });
    const stored = async () => (await under.stored()).toString('latin1');
    for (const canary of [ANNA, WORDS]) expect(await stored()).toContain(canary);
    const { rows: all } = await under.log.everyRow('default', { limit: 99 });
    const [read] = all.filter(({ subject }) => subject.startsWith('read/'));
    const listener = await bench.plain('bob');
    await ask(listener, 'join-execution', 'e');
    const told = heard(listener, 'data:erased');

    await bench.publish('default', [fact('data:erased', { user: ANNA })]);
    expect((await told)[0]).toMatchObject({
      subjects: expect.arrayContaining([`message/${hers.messageId}`, read!.subject]),
    });
    for (let more = true; more; ) ({ more } = await under.log.trim('default', {}));
    await until(stored).not.toMatch(new RegExp(`${ANNA}|${WORDS}`));
    expect(await stored()).toContain('kept');
  });

  test('what lies below the floor goes too, and what is said of them later stays', async () => {
    const under = await openLog();
    onTestFinished(() => under.dispose());
    const { log } = under;
    const publish = createPublish(log);
    await publish('default', HISTORY);
    await log.trim('default', { events: { count: 1 } });
    const erasure = fact('data:erased', { user: ANNA });
    await publish('default', [erasure]);
    expect(await log.rows('default', ['message/m1', `command/${ANNA}/c`])).toEqual([]);
    await publish('default', [said('m3', ANNA, 'I am back')]);
    expect((await publish('default', [erasure])).results).toMatchObject([{ status: 'known' }]);
    const all = await log.everyRow('default', { limit: 99 });
    const named = all.rows.filter(({ body }) => body.includes(`"${ANNA}"`));
    expect(named.map(({ subject }) => subject)).toEqual(['message/m3']);
  });

  test('the repetition erases what an attempt that was cut short has left', async () => {
    const under = await openLog();
    onTestFinished(() => under.dispose());
    const { log } = under;
    await createPublish(log)('default', [
      ...HISTORY,
      ...Array.from({ length: 250 }, (_, n) => said(`more-${n}`, ANNA, WORDS)),
    ]);
    let appends = 0;
    const failing = troubled(log, {
      append: (pass) => (domain, groups) =>
        ++appends === 3 ? Promise.reject(new Error('killed')) : pass(domain, groups),
    });
    const erasure = fact('data:erased', { user: ANNA });
    await expect(createPublish(failing)('default', [erasure])).rejects.toThrow('killed');
    const left = async () => {
      const { rows } = await log.everyRow('default', { limit: 1000 });
      return rows.filter(({ body }) => body.includes(`"${ANNA}"`)).length;
    };
    expect(await left()).toBeGreaterThan(0);
    await createPublish(log)('default', [erasure]);
    expect(await left()).toBe(0);
  });
});

/** Someone in the execution, and what they hear from now on. */
async function listener(bench: Bench, who: string) {
  const socket = await bench.sdk(who);
  const batches: Delivered[] = [];
  socket.on('events', (batch: Delivered[]) => batches.push(...batch));
  await heard(socket, 'ready');
  const answer = await ask(socket, 'subscribe', { rooms: [ROOM, `user:${who}`] });
  return { socket, batches, answer };
}

test('Who stays is told what to drop and how it now is, keeps the rooms, and can resume over it', async () => {
  const bench = await startBench();
  await bench.publish('default', HISTORY);
  const bob = await listener(bench, 'bob');
  let isLeft = false;
  bob.socket.on('room:left', () => {
    isLeft = true;
  });
  await post(bench, { id: 'erase', type: 'data:erased', data: { user: ANNA } });
  await until(() => bob.batches.filter((item) => 'type' in item).map((item) => item.type)).toEqual(
    expect.arrayContaining(['data:erased', 'execution:updated', 'task:updated', 'process:error-updated']),
  );
  const since = `${bob.answer.epoch}:${bob.answer.seq}`;
  const resumed = await ask(bob.socket, 'subscribe', { rooms: [ROOM], since });
  expect(resumed).toMatchObject({ recovered: true });
  for (const all of [bob.batches, resumed, await get(bench, `/v1/events?room=${ROOM}`, 'bob')]) {
    expect(JSON.stringify(all)).not.toContain(WORDS);
    expect(JSON.stringify(all)).not.toContain(ANNA);
  }
  await post(bench, { id: 'on', type: 'message:new', data: said('m9', 'bob', 'and on').data as object });
  await until(() => JSON.stringify(bob.batches)).toContain('and on');
  expect(isLeft).toBe(false);
});

test('Whoever is erased is let out: their tokens end, and a new one finds nothing of theirs', async () => {
  const bench = await startBench();
  await execution(bench, 'e', [ANNA, 'bob']);
  await post(bench, { id: 'm', type: 'message:new', data: said('m', ANNA, WORDS).data });
  const anna = await listener(bench, ANNA);
  const closing = heard(anna.socket, 'closing');
  expect(await post(bench, { id: 'erase', type: 'data:erased', data: { user: ANNA } })).toMatchObject({
    status: 201,
  });
  expect(await closing).toMatchObject([{ code: 'revoked' }]);
});

test('A person for whom an engine still waits is not erased: the answer says where', async () => {
  const bench = await startBench();
  await bench.publish('default', HISTORY);
  await bench.publish('default', [
    task('task:created', { taskId: 'mine', assignee: ANNA }),
    task('task:created', { taskId: 'ours', candidates: { addUsers: [ANNA, 'bob'] } }),
  ]);
  const erase = (id: string) => post(bench, { id, type: 'data:erased', data: { user: ANNA } });
  expect(await erase('one')).toMatchObject({
    status: 409,
    body: {
      error: {
        code: 'task_waiting',
        field: 'data.user',
        message: expect.stringMatching(/task\/mine.*task\/ours/),
      },
    },
  });
  expect(await bench.log.rows('default', ['message/m1'])).toHaveLength(1);
  await bench.publish('default', [
    task('task:assigned', { taskId: 'mine', assignee: 'bob' }),
    task('task:completed', { taskId: 'ours' }),
  ]);
  expect(await erase('two')).toMatchObject({ status: 201 });
  expect(await bench.log.rows('default', ['message/m1'])).toEqual([]);
});
