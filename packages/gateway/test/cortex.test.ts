import type { Delivered, RealtimeEvent } from '@netbuild/realtime-protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ask, type Bench, execution, fact, get, heard, post, startBench, until } from './support/gateway.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await execution(bench, 'e', ['alice', 'bob']);
});

let suggestions = 0;

/** A suggestion as Cortex makes it, over HTTP. */
async function suggest(more: object = {}): Promise<string> {
  const optimizationId = `o${++suggestions}`;
  const data = { optimizationId, title: 'Cache it', effect: 'Half the time', ...more };
  expect(await post(bench, { id: optimizationId, type: 'optimization:suggested', data })).toMatchObject({
    status: 201,
  });
  return optimizationId;
}

/** An SDK's socket in its own rooms and the execution's, and all that it gets. */
async function listener(who: string, rooms: string[] = []) {
  const socket = await bench.sdk(who);
  const events: RealtimeEvent[] = [];
  socket.on('events', (batch: Delivered[]) => events.push(...(batch as RealtimeEvent[])));
  await heard(socket, 'ready');
  await ask(socket, 'subscribe', { rooms: [`user:${who}`, 'domain:default', ...rooms] });
  return { socket, events };
}

describe('What Cortex says', () => {
  test('comes to all of the domain, once, also to who is in the execution, and to nobody else', async () => {
    const inside = await listener('alice', ['execution:e']);
    const outside = await listener('carol');
    const elsewhere = await bench.sdk('mallory', { domain: 'other' });
    await heard(elsewhere, 'ready');
    expect(await ask(elsewhere, 'subscribe', { rooms: ['domain:default'] })).toMatchObject({
      error: { code: 'forbidden' },
    });
    const service = { microserviceId: 'm', name: 'Orders', executionId: 'e' };
    const started = new Date().toISOString();
    for (const [type, data] of [
      ['microservice:generating', { ...service, started, progress: 10, step: 'Reading' }],
      ['microservice:deployed', { ...service, url: 'https://orders.example.com' }],
      ['pattern:learned', { patternId: 'p', name: 'Late', learned: 'Fridays.', executions: ['e'] }],
    ] as const)
      expect(await post(bench, { id: `cortex ${type}`, type, data })).toMatchObject({ status: 201 });
    for (const { events } of [inside, outside])
      await until(() => events.map(({ type, rooms }) => [type, rooms])).toEqual(
        ['microservice:generating', 'microservice:deployed', 'pattern:learned'].map((type) => [
          type,
          ['domain:default', 'execution:e'],
        ]),
      );
  });

  test('is in a snapshot of the domain as long as it goes on', async () => {
    const open = await suggest();
    await bench.publish('default', [
      fact('microservice:generating', {
        microserviceId: 'n',
        name: 'N',
        started: '2026-01-01T00:00:00Z',
        progress: 5,
      }),
    ]);
    const { rows } = await get(bench, '/v1/state?room=domain:default', 'carol');
    expect(rows.map(({ subject }: RealtimeEvent) => subject)).toEqual([
      'microservice/n',
      `optimization/${open}`,
    ]);
  });
});

describe('A suggestion', () => {
  test('is decided by a command, and the decision comes back as an event that names it', async () => {
    const optimizationId = await suggest({ executionId: 'e' });
    const { socket, events } = await listener('alice', ['execution:e']);
    const done = await ask(socket, 'optimization:dismiss', {
      optimizationId,
      reason: 'Not now.',
      commandId: 'd1',
    });
    expect(done).toMatchObject({ success: true, result: { optimizationId } });
    await until(() => events).toMatchObject([
      {
        type: 'optimization:dismissed',
        commandId: 'd1',
        seq: done.seq,
        ended: true,
        data: { state: 'dismissed', decidedBy: 'alice', reason: 'Not now.', title: 'Cache it' },
      },
    ]);
  });

  test('that two people decide at once is decided by one of them; the other hears what it is', async () => {
    const people = await Promise.all(['alice', 'bob'].map((who) => listener(who, ['execution:e'])));
    for (let round = 0; round < 10; round++) {
      const optimizationId = await suggest({ executionId: 'e' });
      const names = ['optimization:accept', 'optimization:dismiss'];
      const answers = await Promise.all(
        people.map(({ socket }, i) => ask(socket, names[i]!, { optimizationId })),
      );
      const winner = answers.findIndex(({ success }) => success);
      expect(answers[1 - winner]).toMatchObject({
        success: false,
        error: {
          code: 'optimization_closed',
          message: `The suggestion is already ${['accepted', 'dismissed'][winner]}.`,
          field: 'optimizationId',
          current: { state: ['accepted', 'dismissed'][winner], decidedBy: ['alice', 'bob'][winner] },
        },
      });
      // Who was not answered in time says it again, under a new id.
      expect(await ask(people[winner]!.socket, names[winner]!, { optimizationId })).toMatchObject({
        success: true,
      });
      await until(() =>
        people[0]!.events.filter(({ subject }) => subject === `optimization/${optimizationId}`),
      ).toHaveLength(2);
    }
  });

  test('is for those to decide who take part in what it names; that of the domain for all in it', async () => {
    const [ofExecution, ofProcess, ofDomain] = [
      await suggest({ executionId: 'e' }),
      await suggest({ processInstanceId: 'p' }),
      await suggest(),
    ];
    const { socket } = await listener('carol');
    const codeOf = async (optimizationId: string) =>
      (await ask(socket, 'optimization:accept', { optimizationId })).error?.code;
    for (const id of [ofExecution, ofProcess, 'none']) expect(await codeOf(id)).toBe('forbidden');
    expect(await codeOf(ofDomain)).toBeUndefined();
    await bench.publish('default', [fact('process:started', { processInstanceId: 'p', startedBy: 'carol' })]);
    expect(await codeOf(ofProcess)).toBeUndefined();
  });

  test('goes on without the name and the words of a person who was erased', async () => {
    const optimizationId = await suggest({ executionId: 'e' });
    await execution(bench, 'e2', ['dora']);
    await bench.publish('default', [
      fact('execution:updated', { executionId: 'e', participants: { add: ['dora'] } }),
    ]);
    const { socket } = await listener('dora');
    await ask(socket, 'optimization:accept', { optimizationId, reason: 'I think so.' });
    await bench.publish('default', [fact('data:erased', { user: 'dora' })]);
    const [row] = await bench.log.rows('default', [`optimization/${optimizationId}`]);
    const event = JSON.parse(row!.body);
    expect(event).toMatchObject({ type: 'optimization:accepted', data: { state: 'accepted' } });
    expect(event.data).not.toHaveProperty('decidedBy');
    expect(event.data).not.toHaveProperty('reason');
  });
});
