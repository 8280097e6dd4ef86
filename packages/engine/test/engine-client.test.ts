import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { RealtimeError } from '@netbuild/realtime-protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEngineClient, type EngineClient } from '../src/index.ts';
import { reply, startRest } from './support/rest.ts';

const start = { processDefinitionKey: 'delivery', businessKey: 'e1', variables: {} };
const PAGE = '<html><body>It works!</body></html>';

/** How a call ends that does not succeed. */
async function failure(call: Promise<unknown>) {
  return call.then(
    () => expect.unreachable(),
    (error: RealtimeError) => error.toWire(),
  );
}

describe('each call asks what the REST API wants', () => {
  const calls: [string, (engine: EngineClient) => Promise<unknown>, string, object][] = [
    ['claim', (engine) => engine.claim('t1', 'alice'), '/task/t1/claim', { userId: 'alice' }],
    ['unclaim', (engine) => engine.unclaim('t1'), '/task/t1/unclaim', {}],
    ['assign', (engine) => engine.assign('t1', 'bob'), '/task/t1/assignee', { userId: 'bob' }],
    [
      'complete',
      (engine) => engine.complete('t1', { yes: true, none: null, n: 1 }),
      '/task/t1/complete',
      { variables: { yes: { value: true }, none: { value: null }, n: { value: 1 } } },
    ],
    ['an id with a slash', (engine) => engine.unclaim('a/b?c#d'), '/task/a%2Fb%3Fc%23d/unclaim', {}],
  ];

  test.each(calls)('%s', async (_name, call, path, body) => {
    const rest = await startRest(reply(204));
    await expect(call(createEngineClient({ url: `${rest.url}//` }))).resolves.toBeUndefined();
    expect(rest.asked).toEqual([
      { method: 'POST', path: `/engine-rest${path}`, authorization: undefined, body },
    ]);
  });

  test('start, which answers with the instance', async () => {
    const rest = await startRest(reply(200, '{"id":"p1","links":[]}'));
    const started = createEngineClient({ url: rest.url }).start({ ...start, variables: { a: 'b' } });
    await expect(started).resolves.toEqual({ processInstanceId: 'p1' });
    expect(rest.asked).toMatchObject([
      {
        path: '/engine-rest/process-definition/key/delivery/start',
        body: { businessKey: 'e1', variables: { a: { value: 'b' } } },
      },
    ]);
  });

  test('as the user of the configuration', async () => {
    const rest = await startRest(reply(204));
    await createEngineClient({ url: rest.url, user: 'gateway', password: 'p:ä' }).unclaim('t1');
    await createEngineClient({ url: rest.url, user: 'gateway' }).unclaim('t1');
    const [first, second] = rest.asked.map(({ authorization }) =>
      Buffer.from(authorization!.split(' ')[1]!, 'base64').toString(),
    );
    expect([first, second]).toEqual(['gateway:p:ä', 'gateway:']);
  });
});

describe('what the engine refuses', () => {
  test.each([400, 403, 404, 500])('with status %d is told in its own words', async (status) => {
    const rest = await startRest(
      reply(status, JSON.stringify({ type: 'RestException', message: 'Task t1 is claimed.' })),
    );
    expect(await failure(createEngineClient({ url: rest.url }).claim('t1', 'alice'))).toEqual({
      code: 'engine_refused',
      message: 'Task t1 is claimed.',
      retryable: false,
    });
  });

  test.each([
    ['a page', PAGE],
    ['nothing', ''],
    ['half a text', '{"message": "a'],
    ['null', 'null'],
    ['a message that is no text', '{"message": {"a": 1}}'],
  ])('with %s is told by its status', async (_what, body) => {
    const rest = await startRest(reply(401, body));
    const { code, message } = await failure(createEngineClient({ url: rest.url }).unclaim('t1'));
    expect([code, message]).toEqual(['engine_refused', 'The process engine answered with status 401.']);
  });

  test('at length is cut', async () => {
    const rest = await startRest(reply(500, JSON.stringify({ message: 'm'.repeat(10_000) })));
    expect((await failure(createEngineClient({ url: rest.url }).unclaim('t1'))).message).toHaveLength(500);
  });
});

describe('whoever answers in the place of the engine', () => {
  test.each([
    [503, 'engine_unreachable'],
    [502, 'in_doubt'],
    [504, 'in_doubt'],
  ])('with status %d: %s', async (status, code) => {
    const rest = await startRest(reply(status, PAGE, 'text/html'));
    expect((await failure(createEngineClient({ url: rest.url }).unclaim('t1'))).code).toBe(code);
  });

  test('with a page and success has proved nothing', async () => {
    const rest = await startRest(reply(200, PAGE, 'text/html'));
    const engine = createEngineClient({ url: rest.url });
    expect((await failure(engine.unclaim('t1'))).code).toBe('in_doubt');
    expect((await failure(engine.start(start))).code).toBe('in_doubt');
  });

  test.each(['', '{}', 'null', '{"id": 1}'])(
    'with success, but without an instance, has started nothing: %j',
    async (body) => {
      const rest = await startRest(reply(200, body));
      expect((await failure(createEngineClient({ url: rest.url }).start(start))).code).toBe('in_doubt');
    },
  );

  test('with another address is not followed', async () => {
    const rest = await startRest((response) => response.writeHead(302, { location: '/login' }).end());
    expect((await failure(createEngineClient({ url: rest.url }).unclaim('t1'))).code).toBe('engine_refused');
    expect(rest.asked).toHaveLength(1);
  });
});

describe('an engine', () => {
  test('that does not listen is unreachable, and may be asked again', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const error = await failure(createEngineClient({ url: `http://127.0.0.1:${port}` }).unclaim('t1'));
    expect(error).toMatchObject({ code: 'engine_unreachable', retryable: true });
  });

  test('whose host nobody knows is unreachable', async () => {
    const error = await failure(createEngineClient({ url: 'http://engine.invalid' }).unclaim('t1'));
    expect(error.code).toBe('engine_unreachable');
  });

  test.each([
    ['never answers', () => {}],
    ['breaks off before its answer', (response: { destroy(): void }) => response.destroy()],
  ] as const)('that %s leaves it in doubt', async (_what, answer) => {
    const rest = await startRest(answer);
    const error = await failure(createEngineClient({ url: rest.url, timeout: 200 }).unclaim('t1'));
    expect(error).toMatchObject({ code: 'in_doubt', retryable: false });
    expect(rest.asked).toHaveLength(1);
  });

  test.each([
    ['stops in the middle of its answer', false],
    ['breaks off in the middle of its answer', true],
  ])('that %s leaves it in doubt', async (_what, breaks) => {
    const rest = await startRest((response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"id"', () => breaks && response.destroy());
    });
    const error = await failure(createEngineClient({ url: rest.url, timeout: 200 }).start(start));
    expect(error.code).toBe('in_doubt');
  });

  test('whose socket takes a connection and says nothing leaves it in doubt', async () => {
    const server = createServer((socket) => onTestFinished(() => void socket.destroy()));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await failure(createEngineClient({ url, timeout: 200 }).unclaim('t1'))).code).toBe('in_doubt');
  });
});
