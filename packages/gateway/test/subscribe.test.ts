import type { Delivered, RealtimeEvent, SubscribeAnswer } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { ask, execution, fact, message, startBench, until } from './support/gateway.ts';

type Answer = Exclude<SubscribeAnswer, { success: false }>;

const contents = (events: Delivered[]) =>
  events.flatMap((event) => ('data' in event ? [(event.data as { content: string }).content] : []));

describe('A subscribe', () => {
  test('answers with the open rows, the end of the history, and the position at which they are true', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    await bench.publish('default', [
      fact('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'alice' }),
      fact('task:created', { taskId: 't1', processInstanceId: 'p1' }),
      fact('task:created', { taskId: 't2', processInstanceId: 'p1' }),
      fact('task:completed', { taskId: 't2' }),
      message('e1', 'hello'),
    ]);
    const answer = await ask(await bench.sdk('alice'), 'subscribe', { rooms: ['execution:e1'] });
    expect(answer).toMatchObject({
      success: true,
      recovered: false,
      seq: 6,
      rooms: ['execution:e1'],
      refused: [],
    });
    expect(answer.rows.map(({ subject }: RealtimeEvent) => subject)).toEqual([
      'execution/e1',
      'process/p1',
      'task/t1',
    ]);
    expect(answer.events.map(({ seq, type }: RealtimeEvent) => `${seq} ${type}`)).toEqual([
      '1 execution:created',
      '2 process:started',
      '3 task:created',
      '4 task:created',
      '5 task:completed',
      '6 message:new',
    ]);
  });

  test('still has what was done in an execution when a long conversation has followed', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    await bench.publish('default', [
      fact('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'alice' }),
      fact('task:created', { taskId: 't1', processInstanceId: 'p1' }),
      fact('task:completed', { taskId: 't1' }),
      fact('process:completed', { processInstanceId: 'p1' }),
      ...Array.from({ length: 300 }, (_, i) => message('e1', `${i}`)),
    ]);
    const answer = await ask(await bench.sdk('alice'), 'subscribe', { rooms: ['execution:e1'] });
    expect(answer.events).toHaveLength(200);
    expect(answer.rows).toMatchObject([
      { subject: 'execution/e1' },
      { subject: 'task/t1', ended: true, data: { state: 'completed' } },
      { subject: 'process/p1', ended: true, data: { state: 'completed' } },
    ]);
  });

  test('grants what it may and names what it refuses', async () => {
    const bench = await startBench();
    const answer = await ask(await bench.sdk('alice'), 'subscribe', {
      rooms: ['user:alice', 'user:bob', 'nonsense'],
    });
    expect(answer).toMatchObject({
      success: true,
      rooms: ['user:alice'],
      refused: [
        { room: 'user:bob', error: { code: 'forbidden' } },
        { room: 'nonsense', error: { code: 'invalid_room' } },
      ],
    });
  });

  test('gives a large state in pages; the first has the position, and none is missing', async () => {
    const bench = await startBench();
    const facts = Array.from({ length: 1234 }, (_, i) =>
      fact('task:created', { taskId: `t${i}`, assignee: 'alice' }),
    );
    await bench.publish('default', facts);
    const socket = await bench.sdk('alice');
    const first = await ask(socket, 'subscribe', { rooms: ['user:alice'] });
    const subjects = new Set(first.rows.map(({ subject }: RealtimeEvent) => subject));
    for (let { more } = first; more !== undefined; ) {
      const page = await ask(socket, 'rows', { rooms: ['user:alice'], more });
      for (const { subject } of page.rows) {
        expect(subjects.has(subject)).toBe(false);
        subjects.add(subject);
      }
      more = page.more;
    }
    expect(subjects.size).toBe(1234);
  });

  test('from a position brings exactly what the rooms got since, with what left them', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    await bench.publish('default', [
      fact('task:created', { taskId: 't1', assignee: 'alice' }),
      message('e1', 'before'),
    ]);
    const first = await ask(await bench.sdk('alice'), 'subscribe', { rooms: ['execution:e1', 'user:alice'] });
    await bench.publish('default', [
      message('e1', 'after'),
      fact('task:updated', { taskId: 't1', assignee: 'bob' }),
    ]);
    const since = `${first.epoch}:${first.seq}`;
    const answer: Answer = await ask(await bench.sdk('alice'), 'subscribe', {
      rooms: ['execution:e1', 'user:alice'],
      since,
    });
    expect(answer).toMatchObject({
      recovered: true,
      seq: 5,
      events: [
        { seq: 4, type: 'message:new' },
        { seq: 5, subject: 'task/t1', left: ['user:alice'] },
      ],
    });
    expect(answer.events[1]).not.toHaveProperty('data');
  });

  test.each([
    ['of another life', 'someOtherEpoch:1'],
    ['from the future', (epoch: string) => `${epoch}:999`],
  ])('from a position %s says that it can not prove wholeness, and starts afresh', async (_what, since) => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const { epoch } = await bench.log.head('default');
    const position = typeof since === 'string' ? since : since(epoch);
    const answer = await ask(await bench.sdk('alice'), 'subscribe', {
      rooms: ['execution:e1'],
      since: position,
    });
    expect(answer).toMatchObject({
      success: true,
      recovered: false,
      seq: 1,
      rows: [{ subject: 'execution/e1' }],
    });
  });

  test('further behind than a replay reaches starts afresh', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const { epoch } = await bench.log.head('default');
    await bench.publish(
      'default',
      Array.from({ length: 5001 }, (_, i) => message('e1', `${i}`)),
    );
    const answer = await ask(await bench.sdk('alice'), 'subscribe', {
      rooms: ['execution:e1'],
      since: `${epoch}:1`,
    });
    expect(answer).toMatchObject({ success: true, recovered: false, seq: 5002 });
  });

  test('hands over without a seam while events come all the time', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    const total = 1500;
    let published = 0;
    const publishing = (async () => {
      while (published < total) await bench.publish('default', [message('e1', `${published++}`)]);
    })();
    const expected = Array.from({ length: total }, (_, i) => `${i}`);
    for (let client = 0; client < 6; client++) {
      const seen: string[] = [];
      let position: string | undefined;
      // Each client connects, resumes, and is cut again, until all has been said.
      while (seen.length < total) {
        const socket = await bench.sdk('alice');
        const since = position ?? `${(await bench.log.head('default')).epoch}:1`;
        let answer: Answer | undefined;
        socket.on('events', (batch: Delivered[]) => {
          seen.push(...contents(batch));
          position = `${answer!.epoch}:${batch.at(-1)!.seq}`;
        });
        // Heard in the acknowledgement itself: what follows may come before a promise of it is resolved.
        socket.emit('subscribe', { rooms: ['execution:e1'], since }, (given: Answer) => {
          answer = given;
          seen.push(...contents(given.events));
          position = `${given.epoch}:${given.seq}`;
        });
        await until(() => answer?.recovered).toBe(true);
        const goal = Math.min(total, seen.length + 200);
        await until(() => seen.length).toBeGreaterThanOrEqual(goal);
        socket.removeAllListeners('events');
        socket.disconnect();
      }
      expect(seen).toEqual(expected);
    }
    await publishing;
  }, 60_000);

  test('to one room more does not disturb the rooms that are live', async () => {
    const bench = await startBench();
    await Promise.all(['e1', 'e2'].map((id) => execution(bench, id, ['alice'])));
    const socket = await bench.sdk('alice');
    const first: Answer = await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
    const live: Delivered[] = [];
    socket.on('events', (batch: Delivered[]) => live.push(...batch));
    const total = 300;
    const publishing = Promise.all(
      Array.from({ length: total }, (_, i) =>
        bench.publish('default', [message(i % 2 ? 'e1' : 'e2', `${i}`)]),
      ),
    );
    const second = await ask(socket, 'subscribe', { rooms: ['execution:e2'] });
    await publishing;
    const ofRoom = (room: string) =>
      live.flatMap((event) => ('data' in event && event.rooms[0] === room ? [event.seq] : []));
    await until(() => ofRoom('execution:e1').length).toBe(total / 2);
    expect(live.map(({ seq }) => seq)).toEqual([...live.map(({ seq }) => seq)].sort((a, b) => a - b));
    const known = second.events
      .filter(({ type }: RealtimeEvent) => type === 'message:new')
      .map(({ seq }: RealtimeEvent) => seq);
    await until(() => new Set([...known, ...ofRoom('execution:e2')]).size).toBe(total / 2);
    expect(ofRoom('execution:e2').filter((seq) => seq <= second.seq)).toEqual([]);
    expect(first.seq).toBe(2);
  });
});
