import { describe, expect, test } from 'vitest';
import { ask, execution, fact, heard, startBench } from './support/gateway.ts';

describe('A plain Socket.IO client', () => {
  test('hears what its own rooms are, and what it missed nothing of', async () => {
    const bench = await startBench();
    const socket = await bench.plain('alice', { groups: ['developers'] });
    const [ready] = await heard(socket, 'ready');
    expect(ready).toMatchObject({
      userId: 'alice',
      domainId: 'default',
      rooms: ['user:alice', 'domain:default', 'group:developers'],
      epoch: expect.any(String),
      seq: 0,
    });
  });

  test.each([['websocket'], ['polling']])(
    'joins before it is connected, without an acknowledgement, over %s',
    async (transport) => {
      const bench = await startBench();
      await execution(bench, 'e1', ['alice']);
      const { processInstanceId } = await bench.engine.start({
        processDefinitionKey: 'sample',
        businessKey: 'e1',
        variables: {},
      });
      const socket = await bench.plain('alice', { transports: [transport], autoConnect: false });
      socket.emit('join-process', processInstanceId);
      socket.emit('join-execution', 'e1');
      socket.emit('message:send', { executionId: 'e1', content: 'hello', timestamp: 'whenever' });
      socket.connect();
      const [data, meta] = await heard(socket, 'message:new');
      expect(data).toMatchObject({
        executionId: 'e1',
        content: 'hello',
        userId: 'alice',
        timestamp: expect.stringMatching(/^\d{4}-/),
      });
      expect(meta).toMatchObject({
        type: 'message:new',
        seq: expect.any(Number),
        epoch: expect.any(String),
        id: expect.any(String),
      });

      const created = heard(socket, 'task:created');
      await bench.publish('default', [
        fact('task:created', { taskId: 't9', taskName: 'Check', processInstanceId }),
      ]);
      const [task, taskMeta] = await created;
      expect(task).toMatchObject({
        taskId: 't9',
        taskName: 'Check',
        processInstanceId,
        created: expect.any(String),
      });
      expect(taskMeta).toMatchObject({ subject: 'task/t9', type: 'task:created' });
      expect(socket.io.engine.transport.name).toBe(transport);
    },
  );

  test('gets an event once, though it is in several of its rooms, and in the order of the log', async () => {
    const bench = await startBench();
    const socket = await bench.plain('alice', { groups: ['developers', 'leads'] });
    await heard(socket, 'ready');
    const seqs: number[] = [];
    socket.onAny((_name, _data, meta) => seqs.push(meta.seq));
    const facts = Array.from({ length: 100 }, (_, i) =>
      fact('task:created', {
        taskId: `t${i}`,
        assignee: 'alice',
        candidates: { addGroups: ['developers', 'leads'] },
      }),
    );
    await Promise.all(facts.map((one) => bench.publish('default', [one])));
    await expect.poll(() => seqs.length).toBe(100);
    expect(seqs).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  test('is told when a task leaves it, and keeps what still shows in another of its rooms', async () => {
    const bench = await startBench();
    const [alice, bob] = await Promise.all([
      bench.plain('alice'),
      bench.plain('bob', { groups: ['developers'] }),
    ]);
    await Promise.all([heard(alice, 'ready'), heard(bob, 'ready')]);
    await bench.publish('default', [
      fact('task:created', { taskId: 't1', assignee: 'alice', candidates: { addGroups: ['developers'] } }),
    ]);
    const gone = heard(alice, 'left');
    const seen = heard(bob, 'task:assigned');
    await bench.publish('default', [fact('task:updated', { taskId: 't1', assignee: 'bob' })]);
    expect((await gone)[0]).toEqual({ subject: 'task/t1' });
    expect((await seen)[0]).toMatchObject({ taskId: 't1', assignee: 'bob' });
  });

  test('hears a custom event under its bare name', async () => {
    const bench = await startBench();
    const socket = await bench.plain('alice');
    await heard(socket, 'ready');
    const reached = heard(socket, 'milestone');
    await bench.publish('default', [fact('x:milestone', { percent: 50 }, { rooms: ['user:alice'] })]);
    expect((await reached)[0]).toEqual({ percent: 50 });
  });

  test('leaves a room and hears no more of it', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.plain('alice');
    expect(await ask(socket, 'join-execution', 'e1')).toMatchObject({ success: true, room: 'execution:e1' });
    expect(await ask(socket, 'leave-execution', 'e1')).toMatchObject({ success: true });
    const said: string[] = [];
    socket.on('message:new', ({ content }) => said.push(content));
    await ask(socket, 'message:send', { executionId: 'e1', content: 'not heard' });
    await ask(socket, 'join-execution', 'e1');
    await ask(socket, 'message:send', { executionId: 'e1', content: 'heard' });
    await expect.poll(() => said).toEqual(['heard']);
  });
});
