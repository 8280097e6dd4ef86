import type { Checkpoint, Delivered } from '@netbuild/realtime-protocol';
import type { Socket } from 'socket.io-client';
import { describe, expect, test } from 'vitest';
import { ask, execution, fact, message, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { troubled } from './support/troubled.ts';

const quick = { lookEvery: 10, checkpointEvery: 50 };

/** What a socket was told: numbers of elements in batches, and checkpoints, in order. */
function told(socket: Socket): (number | Checkpoint)[] {
  const all: (number | Checkpoint)[] = [];
  socket.on('events', (batch: Delivered[]) => all.push(batch.length));
  socket.on('checkpoint', (checkpoint: Checkpoint) => all.push(checkpoint));
  return all;
}
const isCheckpoint = (one: number | Checkpoint) => typeof one === 'object';
const checkpoints = (all: (number | Checkpoint)[]) => all.filter(isCheckpoint);

describe('A checkpoint', () => {
  test('counts what was sent on its socket since the last one, and says up to where that is all', async () => {
    const bench = await startBench({}, { delivery: quick });
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.sdk('alice');
    const all = told(socket);
    const { revision, epoch } = await ask(socket, 'subscribe', { rooms: ['execution:e1', 'user:alice'] });
    for (let i = 0; i < 40; i++) {
      await bench.publish('default', [
        message('e1', `${i}`),
        // What happens in other rooms moves the position alone.
        fact('task:created', { taskId: `t${i}`, assignee: 'bob' }),
      ]);
      if (i % 10 === 0) {
        const before = checkpoints(all).length;
        await until(() => checkpoints(all).length).toBeGreaterThan(before);
      }
    }
    const { seq } = await bench.log.head('default');
    await until(() => checkpoints(all).at(-1)?.seq).toBe(seq);
    let sent = 0;
    let counted = 0;
    for (const one of all) {
      if (typeof one === 'number') sent += one;
      else {
        expect(one).toMatchObject({ epoch, rooms: revision });
        expect(one.count).toBe(sent);
        counted += one.count;
        sent = 0;
      }
    }
    expect(counted).toBe(40);
  });

  test('counts a left, too', async () => {
    const bench = await startBench({}, { delivery: quick });
    await bench.publish('default', [fact('task:created', { taskId: 't', assignee: 'alice' })]);
    const socket = await bench.sdk('alice');
    const all = told(socket);
    await ask(socket, 'subscribe', { rooms: ['user:alice'] });
    await bench.publish('default', [fact('task:assigned', { taskId: 't', assignee: 'bob' })]);
    await until(() => checkpoints(all).find(({ seq }) => seq === 2)?.count).toBe(1);
  });

  test('names the revision of the set of rooms, which each answer that changes it tells', async () => {
    const bench = await startBench({}, { delivery: quick });
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.sdk('alice');
    const all = told(socket);
    const first = await ask(socket, 'subscribe', { rooms: ['user:alice'] });
    const second = await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
    expect(second.revision).toBeGreaterThan(first.revision);
    await until(() => checkpoints(all).at(-1)?.rooms).toBe(second.revision);
    const third = await ask(socket, 'unsubscribe', { rooms: ['execution:e1'] });
    expect(third.revision).toBeGreaterThan(second.revision);
    await until(() => checkpoints(all).at(-1)?.rooms).toBe(third.revision);
  });

  test('comes only from a node that has seen the head of the log since the last one', async () => {
    let isDown = false;
    let asked = 0;
    const log = troubled(await openLog(), {
      head: (pass) => (domain) => {
        // One look at a time: those of other domains say nothing of one that was under way.
        if (domain === 'default') asked++;
        return isDown ? Promise.reject(new Error('not now')) : pass(domain);
      },
    });
    const bench = await startBench({}, { log, delivery: quick });
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.sdk('alice');
    const all = told(socket);
    await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
    await until(() => checkpoints(all).length).toBeGreaterThan(0);
    isDown = true;
    // A look that was under way may still end well.
    const start = asked;
    await until(() => asked).toBeGreaterThan(start + 10);
    const before = checkpoints(all).length;
    await until(() => asked).toBeGreaterThan(start + 30);
    expect(checkpoints(all).length).toBe(before);
    isDown = false;
    await until(() => checkpoints(all).length).toBeGreaterThan(before);
  });

  test('is for sockets that keep count: plain ones, and those without a subscribe, get none', async () => {
    const bench = await startBench({}, { delivery: quick });
    const [plain, idle, sdk] = [
      await bench.plain('alice'),
      await bench.sdk('alice'),
      await bench.sdk('alice'),
    ];
    const [plainTold, idleTold, sdkTold] = [told(plain), told(idle), told(sdk)];
    await ask(plain, 'leave-execution', 'none');
    await ask(sdk, 'subscribe', { rooms: ['user:alice'] });
    await until(() => checkpoints(sdkTold).length).toBeGreaterThan(5);
    expect([...plainTold, ...idleTold]).toEqual([]);
  });
});
