import { commandSubject, UNDER_WAY } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { createPublish, type PublishResult } from '../src/ingest/publish.ts';
import { candidate, DOMAIN, events, fact, open, openLog, row } from './support/log.ts';
import { troubled } from './support/troubled.ts';

const codes = ({ results }: PublishResult) =>
  results.map((result) => (result.status === 'refused' ? result.error.code : result.status));

test('a fact becomes an event that carries the whole row, and names its rooms', async () => {
  const log = await openLog();
  const answer = await createPublish(log)(DOMAIN, [
    fact(
      'task:created',
      { taskId: 't1', candidates: { addGroups: ['devs'] } },
      { id: 'a', committedAt: 1.5 },
    ),
  ]);
  const { epoch } = await log.head(DOMAIN);
  expect(answer).toEqual({ epoch, seq: 1, settle: 0, results: [{ status: 'new', seqs: [1] }] });
  expect(await events(log)).toEqual([
    {
      id: 'test/a#1',
      seq: 1,
      type: 'task:created',
      time: '2026-01-01T12:00:00.000Z',
      subject: 'task/t1',
      rooms: ['group:devs'],
      left: [],
      data: expect.objectContaining({ taskId: 't1', state: 'open', candidateGroups: ['devs'] }),
      committedAt: 1.5,
    },
  ]);
});

test('facts of one batch build on each other', async () => {
  const log = await openLog();
  const { results, seq } = await createPublish(log)(DOMAIN, [
    fact('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'alice' }),
    fact('task:created', { taskId: 't1', processInstanceId: 'p1' }),
    fact('task:updated', { taskId: 't1', assignee: 'bob' }),
    fact('task:updated', { taskId: 't1', assignee: 'bob' }),
    fact('task:completed', { taskId: 't1' }),
  ]);
  expect(results).toEqual([
    { status: 'new', seqs: [1, 2] },
    { status: 'new', seqs: [3] },
    { status: 'new', seqs: [4] },
    { status: 'new', seqs: [] },
    { status: 'new', seqs: [5, 6] },
  ]);
  expect(seq).toBe(6);
  expect((await row(log, 'execution/e1'))?.data).toMatchObject({ participants: ['alice', 'bob'] });
  expect((await row(log, 'task/t1'))?.data).toMatchObject({ state: 'completed', executionId: 'e1' });
});

test('an empty batch answers where the log stands', async () => {
  const log = await openLog();
  const { epoch } = await log.head(DOMAIN);
  expect(await createPublish(log)(DOMAIN, [])).toEqual({ epoch, seq: 0, settle: 0, results: [] });
  const settling = troubled(log, {
    append: (append) => async (domain, groups) => ({ ...(await append(domain, groups)), settle: 5000 }),
  });
  expect(await createPublish(settling)(DOMAIN, [])).toMatchObject({ settle: 5000 });
});

test('what is for a life that is over is refused, and nothing of it enters', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  const { epoch } = await log.head(DOMAIN);
  const batch = [fact('task:created', { taskId: 't1' }), fact('task:created', { taskId: 't2' })];
  for (const facts of [batch, []])
    await expect(publish(DOMAIN, facts, 'another')).rejects.toMatchObject({ code: 'life_over' });
  expect(await events(log)).toEqual([]);
  expect((await publish(DOMAIN, batch, epoch)).seq).toBe(2);
});

test('a batch whose first part may have been lost with the life of the log is not acknowledged', async () => {
  const log = await openLog();
  let writes = 0;
  const failingOver = troubled(log, {
    append: (append) => async (domain, groups) => {
      const appended = await append(domain, groups);
      return writes++ === 0 ? { ...appended, epoch: 'the life before' } : appended;
    },
  });
  // More than one write holds.
  const batch = Array.from({ length: 3000 }, (_, n) => fact('task:created', { taskId: `t${n}` }));
  await expect(createPublish(failingOver)(DOMAIN, batch)).rejects.toMatchObject({
    code: 'life_over',
  });
  const { results } = await createPublish(failingOver)(DOMAIN, batch);
  expect(results.filter(({ status }) => status === 'refused')).toEqual([]);
  expect(await events(log)).toHaveLength(3000);
});

test('a task that is given to somebody else leaves who had it, and an ended one is told to all who saw it', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  await publish(DOMAIN, [
    fact('task:created', { taskId: 't1', assignee: 'alice', candidates: { addUsers: ['carol'] } }),
    fact('task:updated', { taskId: 't1', assignee: 'bob' }),
    fact('task:completed', { taskId: 't1' }),
  ]);
  const [, assigned, completed] = await events(log);
  expect(assigned).toMatchObject({
    type: 'task:assigned',
    rooms: ['user:bob', 'user:carol'],
    left: ['user:alice'],
  });
  expect(assigned).not.toHaveProperty('ended');
  expect(completed).toMatchObject({ rooms: ['user:bob', 'user:carol'], left: [], ended: true });
  expect(await open(log, 'user:alice', 'user:bob', 'user:carol')).toEqual([]);
});

describe('a fact that can not enter', () => {
  test('takes no others with it, wherever it stands', async () => {
    const log = await openLog();
    const answer = await createPublish(log)(DOMAIN, [
      fact('task:created', { taskId: '' }),
      fact('task:created', { taskId: 't1' }),
      fact('no:such', {}),
      fact('task:updated', { taskId: 't1', priority: 'high' }),
      fact('task:updated', { taskId: 't1', priority: 1 }),
      fact('x:', {}),
    ]);
    expect(codes(answer)).toEqual(['invalid', 'new', 'unknown_type', 'invalid', 'new', 'unknown_type']);
    const refused = answer.results[3]!;
    expect(refused.status === 'refused' && refused.error.field).toBe('data.priority');
    expect((await events(log)).map(({ type }) => type)).toEqual(['task:created', 'task:updated']);
  });

  test('leaves nothing behind: mended, it enters under the same id', async () => {
    const log = await openLog();
    const publish = createPublish(log);
    expect(codes(await publish(DOMAIN, [fact('task:created', { taskId: '' }, { id: 'a' })]))).toEqual([
      'invalid',
    ]);
    expect(codes(await publish(DOMAIN, [fact('task:created', { taskId: 't1' }, { id: 'a' })]))).toEqual([
      'new',
    ]);
  });

  test('may be refused by its fold, for what a fact before it in the batch has done', async () => {
    const log = await openLog();
    const execution = { executionId: 'e1', title: 'E', participants: [] };
    const publish = createPublish(log);
    const facts = [
      fact('execution:created', execution),
      fact('execution:created', execution),
      candidate('t1', 'bob'),
    ];
    expect(codes(await publish(DOMAIN, facts))).toEqual(['new', 'duplicate_id', 'new']);
    // What was refused is not remembered as known.
    expect(codes(await publish(DOMAIN, [facts[1]!]))).toEqual(['duplicate_id']);
    expect(await events(log)).toHaveLength(2);
  });
});

describe('a fact that comes again', () => {
  test('is known by its id, with the positions of its events', async () => {
    const log = await openLog();
    const publish = createPublish(log);
    const again = fact('process:started', { processInstanceId: 'p1', businessKey: 'e1' });
    await publish(DOMAIN, [candidate('t1', 'bob'), again]);
    const answer = await publish(DOMAIN, [again]);
    expect(answer.results).toEqual([{ status: 'known', seqs: [2, 3] }]);
    expect(await events(log)).toHaveLength(3);
  });

  test('within one batch enters once, and what follows builds on it', async () => {
    const log = await openLog();
    const twice = fact('task:created', { taskId: 't1' });
    const answer = await createPublish(log)(DOMAIN, [
      twice,
      twice,
      fact('task:updated', { taskId: 't1', priority: 1 }),
    ]);
    expect(codes(answer)).toEqual(['new', 'known', 'new']);
    expect(await events(log)).toHaveLength(2);
  });

  test('with another digest is a mistake of its source', async () => {
    const log = await openLog();
    const publish = createPublish(log);
    const time = new Date().toISOString();
    const send = (digest: string) =>
      publish(DOMAIN, [
        fact('task:created', { taskId: 't1' }, { id: 'a', digest, time }),
        candidate('t2', 'bob'),
      ]);
    expect(codes(await send('one'))).toEqual(['new', 'new']);
    expect(codes(await send('one'))).toEqual(['known', 'new']);
    expect(codes(await send('two'))).toEqual(['duplicate_id', 'new']);
  });

  test('is known, though its fold would refuse it for its own effect', async () => {
    const log = await openLog();
    const publish = createPublish(log);
    const execution = { executionId: 'e1', title: 'E', participants: [] };
    const made = fact('execution:created', execution, {
      digest: 'one',
      time: new Date().toISOString(),
    });
    expect((await publish(DOMAIN, [made])).results).toEqual([{ status: 'new', seqs: [1] }]);
    expect((await publish(DOMAIN, [made])).results).toEqual([{ status: 'known', seqs: [1] }]);
    expect(codes(await publish(DOMAIN, [{ ...made, digest: 'two' }]))).toEqual(['duplicate_id']);
  });

  test('is another one in another domain, and from another source', async () => {
    const log = await openLog();
    const publish = createPublish(log);
    const one = fact('task:created', { taskId: 't1' });
    expect(codes(await publish(DOMAIN, [one]))).toEqual(['new']);
    expect(codes(await publish('other', [one]))).toEqual(['new']);
    expect(codes(await publish(DOMAIN, [{ ...one, source: 'another' }]))).toEqual(['new']);
    expect(await events(log)).toHaveLength(1);
  });
});

test('a command is busy while another has its target, and an effect names the one that has it', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  const accepted = (commandId: string, userId: string) =>
    fact('command:accepted', {
      commandId,
      userId,
      type: 'task:claim',
      target: 'task/t1',
      digest: 'd',
      payload: { taskId: 't1' },
    });
  expect(
    codes(
      await publish(DOMAIN, [
        fact('task:created', { taskId: 't1' }),
        accepted('c1', 'alice'),
        accepted('c2', 'bob'),
      ]),
    ),
  ).toEqual(['new', 'new', 'busy']);
  await publish(DOMAIN, [fact('task:updated', { taskId: 't1', assignee: 'alice' })]);
  expect(await row(log, 'task/t1')).toMatchObject({
    type: 'task:assigned',
    commandId: 'c1',
    data: { by: 'alice' },
  });
  expect(await row(log, commandSubject({ userId: 'alice', commandId: 'c1' }))).toMatchObject({
    rooms: [UNDER_WAY],
    left: [],
  });
  expect(await row(log, commandSubject({ userId: 'bob', commandId: 'c2' }))).toBeUndefined();
});

describe('a custom event', () => {
  test('goes to its rooms as it is, and leaves no row', async () => {
    const log = await openLog();
    await createPublish(log)(DOMAIN, [
      fact(
        'x:invoice.sent',
        { amount: 1 },
        { rooms: ['execution:e1', 'user:alice', 'execution:e1'], commandId: 'c1' },
      ),
    ]);
    const [event] = await events(log);
    expect(event).toMatchObject({
      type: 'x:invoice.sent',
      rooms: ['execution:e1', 'user:alice'],
      left: [],
      data: { amount: 1 },
      commandId: 'c1',
    });
    expect(event).not.toHaveProperty('subject');
    expect(await open(log, 'execution:e1')).toEqual([]);
    const { entries } = await log.readBack(DOMAIN, { room: 'user:alice', limit: 10 });
    expect(entries).toHaveLength(1);
  });

  test.each([undefined, []])('without a room is refused: %j', async (rooms) => {
    const log = await openLog();
    const { results } = await createPublish(log)(DOMAIN, [fact('x:a', {}, rooms ? { rooms } : {})]);
    expect(results).toMatchObject([{ status: 'refused', error: { code: 'invalid', field: 'executionid' } }]);
    expect(await events(log)).toEqual([]);
  });
});

describe('A fact that says as of which position it is true', () => {
  test('enters where its row is as old, and not where it has changed since', async () => {
    const log = await openLog();
    const publish = createPublish(log);
    await publish(DOMAIN, [fact('task:created', { taskId: 't1', assignee: 'alice' })]);
    const seen = (assignee: string, asOf: number) =>
      fact('task:updated', { taskId: 't1', assignee }, { id: `seen-${assignee}`, asOf });
    expect((await publish(DOMAIN, [seen('bob', 0)])).results).toEqual([{ status: 'outdated', seqs: [] }]);
    expect((await row(log, 'task/t1'))?.data).toMatchObject({ assignee: 'alice' });
    // It was not remembered: seen again, it enters.
    expect((await publish(DOMAIN, [seen('bob', 1)])).results).toEqual([{ status: 'new', seqs: [2] }]);
    expect((await publish(DOMAIN, [seen('bob', 1)])).results).toEqual([{ status: 'known', seqs: [2] }]);
  });

  test('is told apart from its neighbours, and builds on those of the same look', async () => {
    const log = await openLog();
    const publish = createPublish(log);
    await publish(DOMAIN, [fact('task:created', { taskId: 'old' })]);
    const { results } = await publish(DOMAIN, [
      fact('task:updated', { taskId: 'old', assignee: 'bob' }, { asOf: 0 }),
      fact('task:created', { taskId: 'new' }, { asOf: 0 }),
      fact('task:completed', { taskId: 'new' }, { asOf: 0 }),
    ]);
    expect(results).toMatchObject([{ status: 'outdated' }, { status: 'new' }, { status: 'new' }]);
    expect((await row(log, 'task/new'))?.data).toMatchObject({ state: 'completed' });
  });

  test('is compared with the row as it is when it is written, however many write at once', async () => {
    const log = await openLog();
    const publish = createPublish(log);
    await publish(DOMAIN, [fact('task:created', { taskId: 't1' })]);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        publish(DOMAIN, [fact('task:updated', { taskId: 't1', assignee: `u${n}` }, { asOf: 1 })]),
      ),
    );
    const statuses = results.map(({ results: [result] }) => result!.status);
    expect(statuses.filter((status) => status === 'new')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'outdated')).toHaveLength(19);
    expect((await events(log)).length).toBe(2);
  });
});
