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

  test('start, with the name of its command, in the tenant of its domain', async () => {
    const rest = await startRest(reply(200, '{"id":"p1"}'));
    const engine = createEngineClient({ url: rest.url, domain: 'default' });
    await engine.start({ ...start, domain: 'default', command: 'default/alice/c1' });
    await engine.start({ ...start, domain: 'a/b' });
    expect(rest.asked).toMatchObject([
      {
        path: '/engine-rest/process-definition/key/delivery/start',
        body: { variables: { netbuildCommandId: { value: 'default/alice/c1', type: 'String' } } },
      },
      { path: '/engine-rest/process-definition/key/delivery/tenant-id/a%2Fb/start' },
    ]);
  });

  test('correlate, which answers with the instance that it has reached, or begun', async () => {
    const answers = [
      [{ resultType: 'Execution', execution: { id: 'e', processInstanceId: 'p1' }, processInstance: null }],
      [{ resultType: 'ProcessDefinition', execution: null, processInstance: { id: 'p2' } }],
    ];
    const rest = await startRest((response) => reply(200, JSON.stringify(answers.shift()))(response));
    const engine = createEngineClient({ url: rest.url, domain: 'default' });
    const message = { messageName: 'm', variables: { a: 1 }, command: 'default/alice/c1' };
    const reached = await engine.correlate({ ...message, processInstanceId: 'p1', domain: 'acme' });
    const keys = { correlationKeys: { n: 2 }, businessKey: 'e1' };
    const begun = await engine.correlate({ ...message, ...keys, domain: 'acme' });
    expect([reached, begun]).toEqual([{ processInstanceId: 'p1' }, { processInstanceId: 'p2' }]);
    const common = {
      messageName: 'm',
      processVariables: { a: { value: 1 } },
      processVariablesLocal: { netbuildMessageId: { value: 'default/alice/c1', type: 'String' } },
      resultEnabled: true,
    };
    expect(rest.asked.map(({ body }) => body)).toEqual([
      // The engine refuses to be told the tenant of one instance.
      { ...common, processInstanceId: 'p1' },
      { ...common, businessKey: 'e1', correlationKeys: { n: { value: 2 } }, tenantId: 'acme' },
    ]);
  });

  test('correlate by a business key, of what has no tenant where the domain has none', async () => {
    const rest = await startRest(reply(200, '[{"execution":{"processInstanceId":"p1"}}]'));
    const engine = createEngineClient({ url: rest.url, domain: 'default' });
    await engine.correlate({ messageName: 'm', businessKey: 'e1', variables: {}, domain: 'default' });
    expect(rest.asked[0]!.body).toMatchObject({ withoutTenantId: true });
  });

  test.each([
    ['failedJob', '/engine-rest/job/x1/retries'],
    ['failedExternalTask', '/engine-rest/external-task/x1/retries'],
  ])(
    'retry, of the %s that an incident is about, also where called instances have handed it up',
    async (incidentType, path) => {
      const incidents: Record<string, object> = {
        i1: { id: 'i1', incidentType, configuration: null, rootCauseIncidentId: 'i2' },
        i2: { id: 'i2', incidentType, configuration: 'x1', rootCauseIncidentId: 'i2' },
      };
      const rest = await startRest((response, request) => {
        const [, , kind, id = ''] = request.url!.split('/');
        reply(
          kind === 'incident' ? 200 : 204,
          kind === 'incident' ? JSON.stringify(incidents[id]) : '',
        )(response);
      });
      await createEngineClient({ url: rest.url }).retry('i1');
      expect(rest.asked.at(-1)).toMatchObject({ method: 'PUT', path, body: { retries: 1 } });
    },
  );

  test.each([
    [
      'of a type that has no retries',
      { id: 'i1', incidentType: 'mine', configuration: 'x' },
      'engine_refused',
    ],
    [
      'that is about nothing',
      { id: 'i1', incidentType: 'failedJob', configuration: null, rootCauseIncidentId: 'i1' },
      'engine_refused',
    ],
    ['that is over', undefined, 'incident_closed'],
  ])('no retry of an incident %s', async (_what, incident, code) => {
    const over = JSON.stringify({
      type: 'InvalidRequestException',
      message: 'No matching incident with id i1',
    });
    const rest = await startRest(incident ? reply(200, JSON.stringify(incident)) : reply(404, over));
    expect((await failure(createEngineClient({ url: rest.url }).retry('i1'))).code).toBe(code);
    expect(rest.asked).toHaveLength(1);
  });

  test('variables with the types that they name', async () => {
    const rest = await startRest(reply(204));
    await createEngineClient({ url: rest.url }).complete('t1', {
      date: { type: 'Date', value: '2026-07-01T12:00:00.5+02:00' },
      json: { type: 'Json', value: { a: [1] } },
      long: { type: 'Long', value: 5_000_000_000 },
      half: 1.5,
    });
    expect(rest.asked[0]!.body).toEqual({
      variables: {
        // The only way in which the engine reads a time.
        date: { type: 'Date', value: '2026-07-01T10:00:00.500+0000' },
        json: { type: 'Json', value: '{"a":[1]}' },
        long: { type: 'Long', value: 5_000_000_000 },
        half: { value: 1.5 },
      },
    });
  });

  test('JSON as text, where the engine has no Spin', async () => {
    const refused = JSON.stringify({
      type: 'InvalidRequestException',
      message: "Unsupported value type 'Json'",
    });
    const replies = [reply(400, refused), reply(204)];
    const rest = await startRest((response) => replies.shift()!(response));
    await createEngineClient({ url: rest.url }).complete('t1', {
      json: { type: 'Json', value: [1] },
      a: 'b',
    });
    expect(rest.asked[1]!.body).toEqual({
      variables: { json: { type: 'String', value: '[1]' }, a: { value: 'b' } },
    });
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
  test.each([400, 500])('with status %d is told in its own words', async (status) => {
    const rest = await startRest(
      reply(status, JSON.stringify({ type: 'RestException', message: 'Task t1 is claimed.' })),
    );
    expect(await failure(createEngineClient({ url: rest.url }).claim('t1', 'alice'))).toEqual({
      code: 'engine_refused',
      message: 'Task t1 is claimed.',
      retryable: false,
    });
  });

  // As Camunda 7.24 says it, where nothing else is noted.
  test.each([
    [
      'engine_forbidden',
      403,
      'AuthorizationException',
      "The user with id 'gateway' does not have 'UPDATE' permission on resource 't1' of type 'Task'.",
    ],
    ['task_taken', 500, 'TaskAlreadyClaimedException', "Task 't1' is already claimed by someone else."],
    ['task_closed', 500, 'NullValueException', 'Cannot find task with id t1: task is null'],
    ['task_closed', 400, 'NotFoundException', 'Cannot find task with id t1: task is null'],
    [
      'task_closed',
      500,
      'RestException',
      'Cannot complete task t1: Cannot find task with id t1: task is null',
    ],
    [
      'no_match',
      400,
      'RestException',
      "org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message 'm': No process definition or execution matches the parameters",
    ],
    // Operaton's class has another package.
    [
      'no_match',
      400,
      'RestException',
      "org.operaton.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message 'm': 2 executions match",
    ],
    [
      'contended',
      500,
      'OptimisticLockingException',
      'ENGINE-03005 Execution of DELETE TaskEntity[t1] failed. Entity was updated by another transaction concurrently.',
    ],
    [
      'contended',
      500,
      'RestException',
      'Cannot complete task t1: ENGINE-03005 Execution of DELETE TaskEntity[t1] failed.',
    ],
    ['not_found', 500, 'InvalidRequestException', "ENGINE-13053 No job found with id 'j1'.'"],
    ['not_found', 404, 'RestException', 'External task with id x1 does not exist'],
    ['not_found', 404, 'RestException', 'No matching process definition with key: p and no tenant-id'],
    ['engine_refused', 500, 'ProcessEngineException', 'Unknown property used in expression: mended.'],
    [
      'engine_refused',
      400,
      'InvalidRequestException',
      "Cannot instantiate process definition p:1: Unsupported value type 'Kilo'",
    ],
  ])('is %s with status %d and %s', async (code, status, type, message) => {
    const rest = await startRest(reply(status, JSON.stringify({ type, message, code: 0 })));
    const error = await failure(createEngineClient({ url: rest.url }).claim('t1', 'alice'));
    expect(error).toMatchObject({ code, message });
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
    [429, 'engine_unreachable'],
    // An error page may be the end of a request that the engine had done.
    [500, 'in_doubt'],
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
    expect(error).toMatchObject({ code: 'in_doubt', retryable: true });
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
