import { AT_WORK, type RealtimeEvent } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { createPublish } from '../src/ingest/publish.ts';
import {
  ask,
  type Bench,
  execution,
  fact,
  heard,
  PUBLISH_KEY,
  post,
  startBench,
  until,
} from './support/gateway.ts';
import { DOMAIN, fact as logFact, openLog, row } from './support/log.ts';
import { startNode } from './support/node.ts';
import { startScriptedEngine } from './support/scripted-engine.ts';
import { troubled } from './support/troubled.ts';

const TTL = 60_000;

let posts = 0;

/** Says something as an agent does: over HTTP, with the key. */
async function say(bench: Bench, type: string, data: object) {
  const { status, body } = await post(bench, { id: `agent-${++posts}`, type, data });
  return status < 300 ? body.status : `${body.error.code}${body.error.field ? ` ${body.error.field}` : ''}`;
}

/** A gateway with an execution of alice's, in which she hears what is told; for agents time passes when it is told to. */
async function startRoom() {
  let time = 0;
  let looks = 0;
  const log = troubled(await openLog(), {
    snapshot: (pass) => (domain, range) => {
      if (domain === 'default' && range.rooms?.includes(AT_WORK)) looks++;
      return pass(domain, range);
    },
  });
  const bench = await startBench({}, { log, silenceEvery: 10, silenceClock: () => time });
  await execution(bench, 'e1', ['alice']);
  const socket = await bench.sdk('alice');
  const events: RealtimeEvent[] = [];
  socket.on('events', (batch: RealtimeEvent[]) => events.push(...batch));
  const { success } = await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
  expect(success).toBe(true);
  const of = (agentId: string) =>
    events
      .filter(({ subject }) => subject === `agent/${agentId}`)
      .map(({ type, data }) => [type, data] as const);
  return {
    bench,
    socket,
    events,
    of,
    last: (agentId: string) => of(agentId).at(-1)?.[1] as { state?: string },
    /** Resolves once all that there is now was looked at, and what came of that is in the log. */
    async looked() {
      const before = looks;
      await until(() => looks).toBeGreaterThan(before + 1);
    },
    pass(milliseconds: number) {
      time += milliseconds;
    },
  };
}

test('What an agent tells over HTTP is on the screens: its thinking, a message that grows, its result', async () => {
  const { bench, socket, events, of, last } = await startRoom();
  const plain = await bench.plain('alice');
  const thinking = heard(plain, 'agent:thinking');
  await ask(plain, 'join-execution', 'e1');
  await say(bench, 'agent:thinking', {
    agentId: 'a1',
    agent: 'summarise',
    executionId: 'e1',
    words: 'reading',
  });
  expect((await thinking)[0]).toMatchObject({ agentId: 'a1', agent: 'summarise', words: 'reading' });

  const step = (offset: number, text: string) =>
    say(bench, 'message:appended', { agentId: 'a1', messageId: 'm1', offset, text });
  expect(await step(0, 'Two chairs')).toBe('new');
  expect(await step(10, ' and a table')).toBe('new');
  expect(await step(50, '!')).toBe('invalid offset');
  await until(() => events.filter(({ subject }) => subject === 'message/m1').map(({ type }) => type)).toEqual(
    ['message:new', 'message:appended'],
  );
  await say(bench, 'agent:completed', { agentId: 'a1', result: { chairs: 2 }, usage: { outputTokens: 9 } });
  await until(() => last('a1')).toMatchObject({ state: 'completed', result: { chairs: 2 }, messageId: 'm1' });
  expect(of('a1').map(([type]) => type)).toEqual(['agent:thinking', 'agent:thinking', 'agent:completed']);

  // Who opens the page then reads the text once, and no step of it.
  const late = await bench.sdk('alice');
  const { events: history } = await ask(late, 'subscribe', { rooms: ['execution:e1'] });
  const told = history.map(({ type, data }: RealtimeEvent) => [type, (data as { content?: string }).content]);
  expect(told.slice(1)).toEqual([
    ['agent:thinking', undefined],
    ['message:new', 'Two chairs'],
    ['message:appended', 'Two chairs and a table'],
    ['agent:completed', undefined],
  ]);
  expect(await ask(socket, 'message:edit', { messageId: 'm1', content: 'No' })).toMatchObject({
    error: { code: 'forbidden' },
  });
});

test('An agent that gives no sign of life has failed within its time, one that does has not', async () => {
  const { bench, last, looked, pass } = await startRoom();
  const beat = (agentId: string, words: string) =>
    say(bench, 'agent:thinking', { agentId, agent: 'summarise', executionId: 'e1', ttl: TTL, words });
  const stateOf = async (agentId: string) => {
    const [stored] = await bench.log.rows('default', [`agent/${agentId}`]);
    return (JSON.parse(stored!.body) as { data: { state: string } }).data.state;
  };
  await beat('dead', 'one');
  await beat('alive', 'one');
  await looked();
  pass(TTL / 2);
  await beat('alive', 'two');
  await looked();
  // It may be two looks early, and no more.
  pass(TTL / 2 - 50);
  await looked();
  expect(await stateOf('dead')).toBe('thinking');
  pass(50);
  await until(() => last('dead')).toMatchObject({ state: 'failed', reason: 'silent' });
  pass(TTL / 4);
  await looked();
  expect(await stateOf('alive')).toBe('thinking');
  pass(TTL / 4);
  await until(() => last('alive')).toMatchObject({ state: 'failed', reason: 'silent' });
  expect(await beat('dead', 'two')).toBe('agent_ended agentId');
});

test('Who takes part can stop an agent, which hears of it by the next answer; one that does not listen is ended', async () => {
  const { bench, socket, last, looked, pass } = await startRoom();
  for (const agentId of ['a1', 'deaf'])
    await say(bench, 'agent:thinking', { agentId, agent: 'summarise', executionId: 'e1', ttl: TTL });
  const mallory = await bench.sdk('mallory');
  for (const agentId of ['a1', 'nowhere'])
    expect(await ask(mallory, 'agent:stop', { agentId })).toMatchObject({ error: { code: 'forbidden' } });
  expect(await ask(socket, 'agent:stop', { agentId: 'a1' })).toMatchObject({ result: { agentId: 'a1' } });
  await until(() => last('a1')).toMatchObject({ state: 'stopping', stopBy: 'alice' });
  expect(await say(bench, 'message:appended', { agentId: 'a1', messageId: 'm1', offset: 0, text: 'a' })).toBe(
    'agent_stopped agentId',
  );
  expect(await say(bench, 'agent:failed', { agentId: 'a1', reason: 'stopped' })).toBe('new');
  expect(await ask(socket, 'agent:stop', { agentId: 'deaf' })).toMatchObject({ success: true });
  await looked();
  pass(TTL);
  await until(() => last('deaf')).toMatchObject({ state: 'failed', reason: 'stopped', stopBy: 'alice' });
  expect(await ask(socket, 'agent:stop', { agentId: 'deaf' })).toMatchObject({
    error: { code: 'agent_ended' },
  });
});

test('A retry of what no engine has given an agent is told to whoever listens', async () => {
  const { bench, socket, last } = await startRoom();
  await say(bench, 'agent:thinking', { agentId: 'a1', agent: 'summarise', executionId: 'e1' });
  expect(await ask(socket, 'agent:retry', { agentId: 'a1' })).toMatchObject({
    error: { code: 'agent_not_failed' },
  });
  await say(bench, 'agent:failed', { agentId: 'a1', failure: 'no model' });
  expect(await ask(socket, 'agent:retry', { agentId: 'a1' })).toMatchObject({ success: true });
  await until(() => last('a1')).toMatchObject({ state: 'failed', retryBy: 'alice' });
  await say(bench, 'agent:thinking', { agentId: 'a2', agent: 'summarise', executionId: 'e1', follows: 'a1' });
  await until(() => last('a2')).toMatchObject({ follows: 'a1', state: 'thinking' });
});

test('A retry of an external task gives it another try in its engine, and names its command', async () => {
  const log = await openLog();
  const engine = await startScriptedEngine();
  engine.failedTasks.add('x1');
  const publish = createPublish(log);
  const report = (type: string, data: object) => publish(DOMAIN, [logFact(type, data)]);
  await report('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'alice' });
  for (const [agentId, externalTaskId] of [
    ['a1', 'x1'],
    ['a2', 'gone'],
  ])
    await report('agent:failed', { agentId, agent: 'summarise', processInstanceId: 'p1', externalTaskId });
  const { send } = startNode(log, engine.url);
  expect(await send('alice', 'agent:retry', { agentId: 'a1', commandId: 'c1' })).toMatchObject({
    success: true,
    result: { agentId: 'a1' },
  });
  expect([...engine.failedTasks]).toEqual([]);
  expect(await row(log, 'agent/a1')).toMatchObject({
    commandId: 'c1',
    data: { retryBy: 'alice', executionId: 'e1' },
  });
  expect(await send('alice', 'agent:retry', { agentId: 'a2' })).toMatchObject({
    error: { code: 'not_found' },
  });
});

test('Rows and messages that name an agent say nobody after that person was erased', async () => {
  const { bench, socket, last } = await startRoom();
  await say(bench, 'agent:thinking', { agentId: 'a1', agent: 'summarise', executionId: 'e1' });
  await ask(socket, 'agent:stop', { agentId: 'a1' });
  await until(() => last('a1')).toMatchObject({ stopBy: 'alice' });
  await bench.publish('default', [fact('data:erased', { user: 'alice' })]);
  const [stored] = await bench.log.rows('default', ['agent/a1']);
  expect(JSON.parse(stored!.body)).toMatchObject({ type: 'agent:updated', data: { state: 'stopping' } });
  expect(stored!.body).not.toContain('alice');
});

test('What an agent is saying is heard where its run is seen, and kept nowhere', async () => {
  const { bench, socket, events } = await startRoom();
  const plain = await bench.plain('alice');
  await ask(plain, 'join-execution', 'e1');
  const elsewhere = await bench.plain('mallory');
  const overheard: unknown[] = [];
  elsewhere.on('agent:delta', (data) => overheard.push(data));
  await say(bench, 'agent:thinking', { agentId: 'a1', agent: 'summarise', executionId: 'e1' });
  const { seq } = await bench.log.head('default');
  const sdk = heard(socket, 'ephemeral');
  const words = heard(plain, 'agent:delta');
  const delta = { agentId: 'a1', messageId: 'm1', offset: 0, text: 'Two chairs' };
  const answer = await post(bench, { id: 'd1', type: 'agent:delta', data: delta });
  expect(answer).toEqual({ status: 201, body: { id: 'd1', status: 'new' } });
  expect(await words).toEqual([delta, { type: 'agent:delta', time: expect.any(String) }]);
  expect((await sdk)[0]).toMatchObject([{ type: 'agent:delta', rooms: ['execution:e1'], data: delta }]);
  expect((await bench.log.head('default')).seq).toBe(seq);
  expect(events.at(-1)).toMatchObject({ type: 'agent:thinking' });
  // What was sent before an answer is there before it.
  expect(await ask(elsewhere, 'join-execution', 'e1')).toMatchObject({ success: false });
  expect(overheard).toEqual([]);
});

test('A delta is refused where its run is over, was stopped or is not there, alone and in a batch; without a text it asks', async () => {
  const { bench, socket } = await startRoom();
  for (const agentId of ['over', 'stopped', 'fine'])
    await say(bench, 'agent:thinking', { agentId, agent: 'summarise', executionId: 'e1' });
  await say(bench, 'agent:completed', { agentId: 'over' });
  await ask(socket, 'agent:stop', { agentId: 'stopped' });
  const delta = (agentId: string, text = 'a') => ({ agentId, messageId: 'm1', offset: 0, text });
  expect(await say(bench, 'agent:delta', delta('over'))).toBe('agent_ended agentId');
  expect(await say(bench, 'agent:delta', delta('stopped', ''))).toBe('agent_stopped agentId');
  expect(await say(bench, 'agent:delta', delta('nowhere'))).toBe('not_found data.agentId');
  expect(await say(bench, 'agent:delta', delta('fine', 'a'.repeat(9000)))).toBe('too_large data.text');
  expect(await say(bench, 'agent:delta', { agentId: 'fine' })).toBe('invalid data.messageId');
  const heardNothing = heard(socket, 'ephemeral');
  const event = (id: string, type: string, data: object) => ({
    specversion: '1.0',
    source: 'shop',
    id,
    type,
    data,
  });
  const answer = await fetch(`${bench.url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${PUBLISH_KEY}`,
      'content-type': 'application/cloudevents-batch+json',
    },
    body: JSON.stringify([
      event('b1', 'agent:delta', delta('fine', '')),
      event('b2', 'agent:delta', delta('over')),
      event('b3', 'message:appended', delta('fine', 'Hello')),
      event('b4', 'agent:delta', delta('begun', 'b')),
      event('b5', 'agent:thinking', { agentId: 'begun', agent: 'summarise', executionId: 'e1' }),
    ]),
  });
  expect(await answer.json()).toMatchObject({
    results: [
      { id: 'b1', status: 'new' },
      { id: 'b2', status: 'refused', error: { code: 'agent_ended', field: '1.agentId' } },
      { id: 'b3', status: 'new', seq: expect.any(Number) },
      { id: 'b4', status: 'new' },
      { id: 'b5', status: 'new' },
    ],
  });
  expect((await heardNothing)[0]).toMatchObject([{ data: { text: 'b' } }]);
});
