import { createEngineClient, type EngineClient } from '@netbuild/realtime-engine';
import { openRedisLog } from '@netbuild/realtime-log';
import type { Delivered, SubscribeAnswer } from '@netbuild/realtime-protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RedisServer, startRedis, whyNoRedis } from '../../log/test/redis-server.ts';
import { ask, type Bench, execution, fact, heard, message, startBench, until } from './support/gateway.ts';
import { startScriptedEngine } from './support/scripted-engine.ts';

const reason = whyNoRedis();

/** Two gateways on one Redis. */
async function startNodes(
  engineOf: () => EngineClient | undefined = () => undefined,
): Promise<{ redis: RedisServer; nodes: [Bench, Bench] }> {
  const redis = await startRedis();
  onTestFinished(() => redis[Symbol.asyncDispose]());
  const node = async () => {
    const engine = engineOf();
    return startBench({}, { log: await openRedisLog({ url: redis.url }), ...(engine && { engine }) });
  };
  return { redis, nodes: [await node(), await node()] };
}

const contents = (events: Delivered[]) =>
  events.flatMap((event) => ('data' in event ? [(event.data as { content: string }).content] : []));

describe.skipIf(reason !== undefined)(`Two gateways on one Redis${reason ? `: ${reason}` : ''}`, () => {
  test('show the same events in the same order, whichever took them, also while their wake-ups are cut', async () => {
    const { redis, nodes } = await startNodes();
    await execution(nodes[0], 'e1', ['alice']);
    const total = 300;
    const seen = await Promise.all(
      nodes.map(async (bench) => {
        const socket = await bench.sdk('alice');
        const events: Delivered[] = [];
        socket.on('events', (batch: Delivered[]) => events.push(...batch));
        socket.emit('subscribe', { rooms: ['execution:e1'] }, (answer: SubscribeAnswer) => {
          if (answer.success) events.push(...answer.events.filter(({ seq }) => seq > 1));
        });
        await ask(socket, 'unsubscribe', { rooms: [] });
        return events;
      }),
    );
    for (let i = 0; i < total; i += 10) {
      const some = Array.from({ length: 10 }, (_, k) =>
        nodes[k % 2]!.publish('default', [message('e1', `${i + k}`)]),
      );
      await Promise.all(some);
      if (i % 50 === 0) await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    }
    for (const events of seen) await until(() => events.length).toBe(total);
    expect(seen[0]!.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, i) => i + 2));
    expect(contents(seen[0]!)).toEqual(contents(seen[1]!));
  });

  test("resume each other's clients", async () => {
    const { nodes } = await startNodes();
    await execution(nodes[0], 'e1', ['alice']);
    const first = await ask(await nodes[0].sdk('alice'), 'subscribe', { rooms: ['execution:e1'] });
    await nodes[0].publish('default', [message('e1', 'one')]);
    await nodes[1].publish('default', [message('e1', 'two')]);
    const since = `${first.epoch}:${first.seq}`;
    const answer = await ask(await nodes[1].sdk('alice'), 'subscribe', { rooms: ['execution:e1'], since });
    expect(answer).toMatchObject({ recovered: true });
    expect(contents(answer.events)).toEqual(['one', 'two']);
  });

  test('give nobody what the other node has erased', async () => {
    const { nodes } = await startNodes();
    await execution(nodes[0], 'e1', ['alice']);
    const [watching, back] = [await nodes[1].plain('alice'), await nodes[1].sdk('alice')];
    await ask(watching, 'join-execution', 'e1');
    const first = await ask(back, 'subscribe', { rooms: ['execution:e1'] });
    const [secret, other] = [message('e1', 'secret'), message('e1', 'other')];
    await nodes[0].publish('default', [secret, other]);
    const told = heard(watching, 'data:erased');
    const { messageId } = secret.data as { messageId: string };
    await nodes[0].publish('default', [fact('data:erased', { messageId })]);
    await told;
    const since = `${first.epoch}:${first.seq}`;
    const answer = await ask(back, 'subscribe', { rooms: ['execution:e1'], since });
    expect(answer).toMatchObject({ recovered: true, events: [{ seq: 3 }, { type: 'data:erased' }] });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test('take a command that reaches both as one', async () => {
    const { nodes } = await startNodes();
    await execution(nodes[0], 'e1', ['alice']);
    const said = { executionId: 'e1', content: 'once', commandId: 'm1' };
    const sockets = await Promise.all(nodes.map((bench) => bench.plain('alice')));
    const answers = await Promise.all(sockets.map((socket) => ask(socket, 'message:send', said)));
    expect(answers[0]).toMatchObject({ success: true });
    expect(answers[1]).toEqual(answers[0]);
  });

  test('take a start that reaches both as one, and answer both with the one instance', async () => {
    const scripted = await startScriptedEngine();
    const { nodes } = await startNodes(() => createEngineClient({ url: scripted.url, domain: 'default' }));
    const start = { commandId: 'c1', processDefinitionKey: 'delivery', businessKey: 'e1' };
    const sockets = await Promise.all(nodes.map((bench) => bench.plain('alice')));
    const answers = await Promise.all(sockets.map((socket) => ask(socket, 'process:start', start)));
    expect(answers[0]).toMatchObject({ success: true });
    expect(answers[1]).toMatchObject({ success: true, result: answers[0].result });
    expect(scripted.instances).toHaveLength(1);
  });

  test('let a task leave the one who had it, though the other node reassigned it', async () => {
    const { nodes } = await startNodes();
    const alice = await nodes[1].plain('alice');
    await heard(alice, 'ready');
    const created = heard(alice, 'task:created');
    await nodes[0].publish('default', [fact('task:created', { taskId: 't1', assignee: 'alice' })]);
    await created;
    const left = heard(alice, 'left');
    await nodes[0].publish('default', [fact('task:updated', { taskId: 't1', assignee: 'bob' })]);
    expect((await left)[0]).toEqual({ subject: 'task/t1' });
  });
});
