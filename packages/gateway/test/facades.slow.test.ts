import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CamundaEventBridge, createTokens, WebSocketGateway } from '@netbuild/realtime-gateway';
import { openSqliteLog } from '@netbuild/realtime-log';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startTopic } from '../../engine/test/support/tasks.ts';
import { OWN_DOMAIN } from '../src/own-domain.ts';
import { ask, fact, heard, JWT_SECRET, PUBLISH_KEY } from './support/gateway.ts';
import { addTask, at, startRestEngine } from './support/rest-engine.ts';
import { startScriptedEngine } from './support/scripted-engine.ts';

/** Gateways of the test that is under way: they end before their folder does, however quick the test was. */
const open = new Set<() => Promise<unknown>>();

// Configured as a server of one's own is: by the environment.
beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'facade-test-'));
  for (const [name, value] of Object.entries({
    JWT_SECRET,
    PUBLISH_KEY,
    DATA_DIR: directory,
    LOG_LEVEL: 'silent',
  }))
    vi.stubEnv(name, value);
  return async () => {
    await Promise.all([...open].map((close) => close()));
    open.clear();
    await rm(directory, { recursive: true, force: true });
  };
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A server with a page of its own, that a gateway was put on, as in the document that the project was made from. */
async function startServer(events: { on?: (gateway: WebSocketGateway) => void } = {}) {
  const httpServer = createServer((request, response) => response.end(`my own ${request.url}`));
  const gateway = new WebSocketGateway(httpServer);
  events.on?.(gateway);
  await new Promise<void>((listening) => httpServer.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const sockets: Socket[] = [];
  const close = vi.fn(() => gateway.close());
  open.add(async () => {
    for (const socket of sockets) socket.disconnect();
    if (close.mock.calls.length === 0) await close();
  });
  const connect = async (userId: string, domainId = 'default') => {
    const token = await createTokens(JWT_SECRET).mint({ userId, domainId, groups: [] }, 60);
    const socket = io(url, { auth: { token }, transports: ['websocket', 'polling'], forceNew: true });
    sockets.push(socket);
    return socket;
  };
  const publish = (type: string, data: object) => gateway.publish('default', [fact(type, data)]);
  return { gateway, url, connect, publish, close };
}

describe('new WebSocketGateway(httpServer)', () => {
  test('serves plain Socket.IO clients, and leaves the rest of the server as it was', async () => {
    const { url, connect } = await startServer();
    const alice = await connect('alice');
    expect((await heard(alice, 'ready'))[0]).toMatchObject({
      userId: 'alice',
      rooms: ['user:alice', 'domain:default'],
    });
    expect(await (await fetch(`${url}/my/page`)).text()).toBe('my own /my/page');
    expect(await (await fetch(`${url}/v1`)).text()).toBe('my own /v1');
    expect((await fetch(`${url}/live`)).status).toBe(200);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    const state = await fetch(`${url}/v1/state?room=user:alice`);
    expect([state.status, await state.json()]).toMatchObject([401, { error: { code: 'token_missing' } }]);
  });

  test('answers all that it does not know where nobody else does', async () => {
    const httpServer = createServer();
    const gateway = new WebSocketGateway(httpServer);
    open.add(() => gateway.close());
    await new Promise<void>((listening) => httpServer.listen(0, '127.0.0.1', listening));
    const answer = await fetch(`http://127.0.0.1:${(httpServer.address() as AddressInfo).port}/page`);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
  });

  test('is an EventEmitter that says when it is ready', async () => {
    const ready = Promise.withResolvers<void>();
    await startServer({ on: (gateway) => gateway.on('ready', ready.resolve) });
    await ready.promise;
  });

  test('says what is wrong with its settings, and that its log can not be opened', async () => {
    vi.stubEnv('JWT_SECRET', 'short');
    expect(() => new WebSocketGateway(createServer())).toThrow('JWT_SECRET: must have at least 32 bytes');
    vi.stubEnv('JWT_SECRET', JWT_SECRET);
    vi.stubEnv('DATA_DIR', '/dev/null/nowhere');
    const gateway = new WebSocketGateway(createServer());
    const [error] = await new Promise<[Error]>((resolve) => gateway.on('error', (...said) => resolve(said)));
    expect(error.message).toContain('/dev/null/nowhere');
  });

  test.each([
    ['broadcastToExecution', 'e1', 'join-execution'],
    ['broadcastToProcess', 'p1', 'join-process'],
  ] as const)(
    '%s reaches who is in that room, under the bare name, and is there for who comes back',
    async (broadcast, id, join) => {
      const { gateway, connect, publish, url } = await startServer();
      await publish('execution:created', { executionId: 'e1', title: 'One', participants: ['alice'] });
      await publish('process:started', { processInstanceId: 'p1', businessKey: 'e1', startedBy: 'alice' });
      const [alice, bob] = [await connect('alice'), await connect('bob')];
      const outside = vi.fn();
      bob.on('deployment:progress', outside);
      await Promise.all([ask(alice, join, id), heard(bob, 'ready')]);
      const progress = heard(alice, 'deployment:progress');
      const { epoch, seq } = await gateway[broadcast](id, 'deployment:progress', { percent: 40 });
      const [data, meta] = await progress;
      expect(data).toEqual({ percent: 40 });
      expect(meta).toMatchObject({ type: 'x:deployment:progress', epoch, seq });
      const token = await createTokens(JWT_SECRET).mint(
        { userId: 'alice', domainId: 'default', groups: [] },
        60,
      );
      const room = `${join.slice('join-'.length)}:${id}`;
      const history = await fetch(`${url}/v1/events?room=${room}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(((await history.json()) as { events: object[] }).events.at(-1)).toMatchObject({
        data: { percent: 40 },
        seq,
      });
      expect(outside).not.toHaveBeenCalled();
    },
  );

  test('broadcastToDomain reaches everybody in it, and nobody else', async () => {
    const { gateway, connect } = await startServer();
    const alice = await connect('alice', 'acme');
    await heard(alice, 'ready');
    const other = await connect('bob', 'other');
    await heard(other, 'ready');
    const outside = vi.fn();
    other.on('announcement', outside);
    const told = heard(alice, 'announcement');
    await gateway.broadcastToDomain('acme', 'announcement', 'Hello.');
    expect((await told)[0]).toBe('Hello.');
    const last = heard(other, 'last');
    await gateway.broadcastToDomain('other', 'last', {});
    await last;
    expect(outside).not.toHaveBeenCalled();
  });

  test('a broadcast that can not be is refused, and harms nobody who does not wait for it', async () => {
    const { gateway } = await startServer();
    await expect(gateway.broadcastToProcess('p1', 'not a name!', {})).rejects.toMatchObject({
      code: 'unknown_type',
    });
    void gateway.broadcastToProcess('p1', '', {});
  });

  test('close sends everybody away, and the server stops', async () => {
    const { connect, close, url } = await startServer();
    const alice = await connect('alice');
    await heard(alice, 'ready');
    const closing = heard(alice, 'closing');
    await close();
    expect((await closing)[0]).toMatchObject({ code: 'stopping' });
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('new CamundaEventBridge(camundaUrl, gateway)', () => {
  test('brings the events of diagrams to who is in the process’s room', async () => {
    const { gateway, connect, publish } = await startServer();
    const topic = await startTopic();
    new CamundaEventBridge(topic.url, gateway);
    await publish('process:started', { processInstanceId: 'p1', startedBy: 'alice' });
    const alice = await connect('alice');
    await ask(alice, 'join-process', 'p1');
    const created = heard(alice, 'task:created');
    const taskData = { id: 't1', name: 'Review', assignee: 'bob', created: '2026-01-01T12:00:00.000Z' };
    topic.add('x1', {
      topicName: '__task-event__',
      variables: { event: { value: 'created' }, taskData: { value: JSON.stringify(taskData) } },
    });
    expect((await created)[0]).toMatchObject({
      taskId: 't1',
      taskName: 'Review',
      assignee: 'bob',
      created: '2026-01-01T12:00:00.000Z',
      processInstanceId: 'p1',
    });
    await expect.poll(() => topic.of('complete')).toHaveLength(1);
  });

  test('emitTaskEvent correlates taskEvent, and does not do it again when the answer is lost', async () => {
    const { gateway } = await startServer();
    const engine = await startScriptedEngine();
    const bridge = new CamundaEventBridge(engine.url, gateway);
    await bridge.emitTaskEvent('p1', 'created', { id: 't1', name: 'Review' });
    engine.next(/^\/message$/, 'lost');
    await bridge.emitTaskEvent('p1', 'completed', { id: 't1' });
    expect(engine.messages).toMatchObject([
      { processInstanceId: 'p1', variables: { event: { value: 'created' }, taskData: { type: 'Json' } } },
      { variables: { event: { value: 'completed' } } },
    ]);
    const message = 'org.camunda.bpm.engine.MismatchingMessageCorrelationException: none';
    engine.next(/^\/message$/, { status: 400, body: { type: 'RestException', message } });
    await expect(bridge.emitTaskEvent('p1', 'x', {})).rejects.toMatchObject({ code: 'no_match' });
    engine.next(/^\/message$/, 'undone');
    await expect(bridge.emitTaskEvent('p1', 'x', {})).rejects.toMatchObject({ code: 'in_doubt' });
    expect(engine.messages).toHaveLength(2);
  });

  test('has the commands of sockets go to the engine', async () => {
    const { gateway, connect, publish } = await startServer();
    const engine = await startScriptedEngine();
    const alice = await connect('alice');
    expect(await ask(alice, 'process:start', { processDefinitionKey: 'p' })).toMatchObject({
      error: { code: 'no_engine' },
    });
    new CamundaEventBridge(engine.url, gateway);
    await publish('task:created', { taskId: 't1', assignee: 'alice' });
    engine.tasks.set('t1', { id: 't1', assignee: 'alice', deleteReason: null });
    expect(await ask(alice, 'task:complete', { taskId: 't1' })).toMatchObject({ success: true });
  });

  test('brings what happens in the engine, too, until the gateway ends', async () => {
    const { gateway, close, connect } = await startServer();
    const engine = await startRestEngine();
    engine.account = `Basic ${btoa('u:p')}`;
    addTask(engine, 't1', at(0), { assignee: 'alice' });
    const alice = await connect('alice');
    const created = heard(alice, 'task:created');
    new CamundaEventBridge(engine.url, gateway, { user: 'u', password: 'p', capture: 'rest' });
    expect((await created)[0]).toMatchObject({ taskId: 't1', assignee: 'alice' });
    await close();
    // Another node need not wait for the lease.
    const log = await openSqliteLog({ directory: process.env.DATA_DIR! });
    onTestFinished(() => log.close());
    const [lease] = await log.rows(OWN_DOMAIN, ['lease/reconcile/default']);
    expect(JSON.parse(lease!.body)).toMatchObject({
      type: 'lease:taken',
      data: { name: 'reconcile/default' },
    });
    expect(JSON.parse(lease!.body).data).not.toHaveProperty('holder');
  });
});
