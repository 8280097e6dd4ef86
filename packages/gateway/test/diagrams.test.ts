import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEngineClient } from '@netbuild/realtime-engine';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Bench, fact, startBench } from './support/gateway.ts';

const XML = '<definitions />';

interface Definition {
  id: string;
  key: string;
  name: string | null;
  version: number;
  tenantId: string | null;
}

const definition = (key: string, version = 1, tenantId: string | null = null): Definition => ({
  id: `${key}:${version}${tenantId ? `:${tenantId}` : ''}`,
  key,
  name: key === 'nameless' ? null : `The ${key}`,
  version,
  tenantId,
});

/** The part of an engine's REST API that tells of definitions; it ends with the test. */
async function startDefinitions(...all: Definition[]) {
  const engine = { asked: [] as string[], xml: XML, isDown: false };
  const newest = (key: string, tenant: string | null) =>
    all.findLast((one) => one.key === key && one.tenantId === tenant);
  function answer(path: string, query: URLSearchParams): object | undefined {
    const [, , id = '', what, tenantWord, tenant] = path.split('/').map(decodeURIComponent);
    if (path === '/process-definition') {
      const of = query.has('withoutTenantId') ? null : query.get('tenantIdIn');
      const keys = [...new Set(all.map(({ key }) => key))].sort();
      return keys.flatMap((key) => newest(key, of) ?? []).slice(0, Number(query.get('maxResults')));
    }
    if (id === 'key') return newest(what!, tenantWord === 'tenant-id' ? tenant! : null);
    const found = all.find((one) => one.id === id);
    return found && (what === 'xml' ? { id, bpmn20Xml: engine.xml } : found);
  }
  const server = createServer((request, response) => {
    if (engine.isDown) return void response.destroy();
    const url = new URL(request.url!, 'http://engine');
    const path = url.pathname.replace('/engine-rest', '');
    engine.asked.push(path);
    const found = answer(path, url.searchParams);
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { type: 'RestException', message: 'No such definition.' }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/engine-rest`;
  return Object.assign(engine, { client: createEngineClient({ url, domain: 'default' }) });
}

const OPERATIONS = { roles: ['operations'] };

async function ask(
  bench: Bench,
  path: string,
  who: { user?: string; roles?: string[]; domain?: string } = {},
) {
  const { user: userId = 'alice', roles = [], domain: domainId = 'default' } = who;
  const token = await bench.tokens.mint({ userId, domainId, groups: [], roles }, 60);
  const response = await fetch(`${bench.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: response.status, body: (await response.json()) as any };
}

const started = (processInstanceId: string, more: object = {}) =>
  fact('process:started', {
    processInstanceId,
    processDefinitionKey: 'order',
    processDefinitionId: 'order:1',
    startedBy: 'alice',
    ...more,
  });

describe('The model of a process', () => {
  test('is shown to who may enter its room, in the version that it runs by', async () => {
    const { client } = await startDefinitions(definition('order'), definition('order', 2));
    const bench = await startBench({}, { engine: client });
    await bench.publish('default', [started('p1')]);
    expect(await ask(bench, '/v1/diagram?room=process:p1')).toEqual({
      status: 200,
      body: {
        processDefinitionId: 'order:1',
        processDefinitionKey: 'order',
        name: 'The order',
        version: 1,
        xml: XML,
      },
    });
    expect((await ask(bench, '/v1/diagram?room=definition:order', OPERATIONS)).body).toMatchObject({
      processDefinitionId: 'order:2',
      version: 2,
    });
  });

  test('is refused to who may not, as one that is not there', async () => {
    const engine = await startDefinitions(definition('order'));
    const bench = await startBench({}, { engine: engine.client });
    await bench.publish('default', [started('p1')]);
    for (const [theirs, none] of [
      ['process:p1', 'process:none'],
      ['definition:order', 'definition:none'],
    ]) {
      const refused = await ask(bench, `/v1/diagram?room=${theirs}`, { user: 'mallory' });
      expect(refused).toEqual(await ask(bench, `/v1/diagram?room=${none}`, { user: 'mallory' }));
      expect(refused.body.error.code).toBe('forbidden');
    }
    expect(engine.asked).toEqual([]);
  });

  test('is the one of their own tenant', async () => {
    const { client } = await startDefinitions(definition('order'), definition('order', 7, 'acme'));
    const bench = await startBench({}, { engine: client });
    const room = '/v1/diagram?room=definition:order';
    expect((await ask(bench, room, OPERATIONS)).body.version).toBe(1);
    expect((await ask(bench, room, { ...OPERATIONS, domain: 'acme' })).body.version).toBe(7);
    expect((await ask(bench, room, { ...OPERATIONS, domain: 'other' })).body.error.code).toBe('not_found');
  });

  test('is read once, by however many, and again after the engine was away', async () => {
    const engine = await startDefinitions(definition('order'));
    const bench = await startBench({}, { engine: engine.client });
    await bench.publish('default', [started('p1')]);
    const look = () => ask(bench, '/v1/diagram?room=process:p1');
    engine.isDown = true;
    expect((await look()).body.error).toMatchObject({ code: 'engine_unreachable', retryable: true });
    engine.isDown = false;
    const all = await Promise.all([look(), look(), look()]);
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    await look();
    expect(engine.asked.sort()).toEqual([
      '/process-definition/order%3A1',
      '/process-definition/order%3A1/xml',
    ]);
  });

  test('is refused where it is larger than anybody reads', async () => {
    const engine = await startDefinitions(definition('order'));
    engine.xml = 'x'.repeat(4_000_001);
    const bench = await startBench({}, { engine: engine.client });
    expect((await ask(bench, '/v1/diagram?room=definition:order', OPERATIONS)).body.error).toMatchObject({
      code: 'engine_refused',
      message: 'The diagram is too large to be shown.',
    });
  });

  test('is not there where its instance has no definition that anybody knows, or its engine is not', async () => {
    const { client } = await startDefinitions();
    const bench = await startBench({}, { engine: client });
    await bench.publish('default', [
      started('p1', { processDefinitionId: undefined }),
      started('p2', { engine: 'gone' }),
    ]);
    const codeOf = async (id: string) => (await ask(bench, `/v1/diagram?room=process:${id}`)).body.error.code;
    expect(await codeOf('p1')).toBe('not_found');
    expect(await codeOf('p2')).toBe('no_engine');
  });

  test('is of a process or a definition, and of nothing else', async () => {
    const bench = await startBench();
    for (const room of [
      '',
      '?room=',
      '?room=user:alice',
      '?room=execution:e',
      '?room=process',
      '?room=a&room=b',
    ]) {
      const { status, body } = await ask(bench, `/v1/diagram${room}`, OPERATIONS);
      expect([room, status, body.error.field]).toEqual([room, 400, 'room']);
    }
  });
});

describe('The list of definitions', () => {
  test('has those whose rooms a person may enter, in their newest versions', async () => {
    const { client } = await startDefinitions(
      definition('nameless'),
      definition('order'),
      definition('order', 2),
      definition('order', 9, 'acme'),
    );
    const bench = await startBench({}, { engine: client });
    expect((await ask(bench, '/v1/definitions', OPERATIONS)).body).toEqual({
      definitions: [
        { processDefinitionKey: 'nameless', version: 1 },
        { processDefinitionKey: 'order', name: 'The order', version: 2 },
      ],
    });
    expect((await ask(bench, '/v1/definitions')).body).toEqual({ definitions: [] });
    const acme = { ...OPERATIONS, domain: 'acme' };
    expect((await ask(bench, '/v1/definitions', acme)).body.definitions).toMatchObject([{ version: 9 }]);
  });

  test('says where there are more of them than it has', async () => {
    const many = Array.from({ length: 501 }, (_, n) => definition(`d${1000 + n}`));
    const { client } = await startDefinitions(...many);
    const bench = await startBench({}, { engine: client });
    const { body } = await ask(bench, '/v1/definitions', OPERATIONS);
    expect([body.definitions.length, body.more]).toEqual([500, true]);
  });

  test('says so where the engine is away', async () => {
    const engine = await startDefinitions();
    engine.isDown = true;
    const bench = await startBench({}, { engine: engine.client });
    const { status, body } = await ask(bench, '/v1/definitions', OPERATIONS);
    expect([status, body.error.code]).toEqual([503, 'engine_unreachable']);
  });
});
