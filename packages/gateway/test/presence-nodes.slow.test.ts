import { openRedisLog } from '@netbuild/realtime-log';
import type { Ephemeral } from '@netbuild/realtime-protocol';
import type { Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startProxy } from '../../log/test/proxy.ts';
import { startRedis, whyNoRedis } from '../../log/test/redis-server.ts';
import { ask, execution, startBench, until } from './support/gateway.ts';

const reason = whyNoRedis();

/** Long enough for a busy machine, and still no test of patience. */
const presence = { tick: 20, beat: 100, lease: 3000, grace: 3000 };

/** What a socket is told of who is there and who writes, in short. */
function noted(socket: Socket): string[] {
  const notes: string[] = [];
  socket.on('ephemeral', (words: Ephemeral[]) => {
    for (const { type, data } of words) notes.push(`${type} ${'userId' in data ? data.userId : ''}`);
  });
  return notes;
}

const enter = (socket: Socket) => ask(socket, 'subscribe', { rooms: ['execution:e1'] });
const there = (socket: Socket) => ask(socket, 'presence', { room: 'execution:e1' });

describe.skipIf(reason !== undefined)(`Presence on two nodes${reason ? `: ${reason}` : ''}`, () => {
  test('several tabs on both are one person, who is there until the last has gone or its node can not be heard', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis[Symbol.asyncDispose]());
    const port = Number(new URL(redis.url).port);
    const line = await startProxy(port);
    onTestFinished(() => line[Symbol.asyncDispose]());
    const node = async (url: string) => startBench({}, { log: await openRedisLog({ url }), presence });
    const [far, near] = [await node(line.url), await node(redis.url)];
    await execution(near, 'e1', ['alice', 'bob', 'carol']);
    const bob = await near.sdk('bob');
    const notes = noted(bob);
    await enter(bob);
    const tabs = [await far.sdk('alice'), await far.plain('alice'), await near.sdk('alice')];
    await enter(tabs[0]!);
    await ask(tabs[1]!, 'join-execution', 'e1');
    await enter(tabs[2]!);
    await enter(await far.sdk('carol'));
    await until(() => notes.length).toBe(3);
    expect(notes).toEqual(['presence:joined bob', 'presence:joined alice', 'presence:joined carol']);
    expect(await there(bob)).toEqual({
      success: true,
      room: 'execution:e1',
      count: 3,
      people: expect.arrayContaining(['alice', 'bob', 'carol']),
    });
    // A reload of every tab: for a moment there is none.
    for (const tab of tabs) tab.disconnect();
    const again = await far.sdk('alice');
    await enter(again);
    // What is said of her from here on was said after that.
    again.emit('typing', { executionId: 'e1' });
    await until(() => notes.at(-1)).toBe('typing alice');
    expect(notes).toHaveLength(4);

    // Cut off, as one that was killed: nobody hears from it any more.
    line.lead(1);
    await until(() => notes.slice(4).sort()).toEqual(['presence:left alice', 'presence:left carol']);
    expect(await there(bob)).toMatchObject({ people: ['bob'] });
    line.lead(port);
    await until(() => notes.slice(6).sort()).toEqual(['presence:joined alice', 'presence:joined carol']);
  });
});
