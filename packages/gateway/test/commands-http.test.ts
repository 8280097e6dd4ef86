import { createEngineClient } from '@netbuild/realtime-engine';
import { describe, expect, test } from 'vitest';
import { commandAnswer } from '../src/http/answers.ts';
import { ask, type Bench, execution, fact, heard, startBench } from './support/gateway.ts';
import { startScriptedEngine } from './support/scripted-engine.ts';

/** Sends a command as a person, or by a token. */
async function send(bench: Bench, user: string | { token: string }, body: unknown, more: RequestInit = {}) {
  const token = typeof user === 'string' ? await bench.token(user, ['developers']) : user.token;
  const answer = await fetch(`${bench.url}/v1/commands`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...more,
  });
  const retryAfter = answer.headers.get('retry-after');
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: answer.status, body: (await answer.json()) as any, retryAfter };
}

/** A gateway with an engine, where alice and bob take part in `e1`, and the task is the developers'. */
async function startWorld(environment: Record<string, string> = {}) {
  const engine = await startScriptedEngine();
  const client = createEngineClient({ url: engine.url });
  const bench = await startBench(environment, {
    engine: client,
    commandLimits: { effect: 20, lookEvery: 25 },
  });
  await execution(bench, 'e1', ['alice', 'bob']);
  for (const taskId of ['t1', 't2']) {
    engine.tasks.set(taskId, { id: taskId, assignee: null, deleteReason: null });
    await bench.publish('default', [
      fact('task:created', { taskId, assignee: null, candidates: { addGroups: ['developers'] } }),
    ]);
  }
  return { bench, engine };
}

const say = (content: string, id?: string) => ({
  id,
  type: 'message:send',
  data: { executionId: 'e1', content },
});

describe('A command over HTTP', () => {
  test('is done as on a socket, and answered with the same', async () => {
    const { bench, engine } = await startWorld();
    const bob = await bench.plain('bob');
    await heard(bob, 'ready');
    await ask(bob, 'join-execution', 'e1');
    const told = heard(bob, 'message:new');
    const said = await send(bench, 'alice', say('hello', 'm1'));
    expect(said).toMatchObject({ status: 200, body: { success: true, commandId: 'm1' } });
    expect(commandAnswer.strict().safeParse(said.body).error).toBeUndefined();
    const [data, meta] = await told;
    expect(data).toMatchObject({ content: 'hello', userId: 'alice' });
    expect(meta).toMatchObject({ commandId: 'm1', epoch: said.body.epoch, seq: said.body.seq });
    // Whatever it comes by it is one command.
    const { data: fields } = say('hello');
    const alice = await bench.plain('alice');
    expect(await ask(alice, 'message:send', { ...fields, commandId: 'm1' })).toEqual(said.body);
    expect(await send(bench, 'alice', say('hello', 'm1'))).toEqual(said);
    const other = await send(bench, 'alice', say('goodbye', 'm1'));
    expect(other).toMatchObject({ status: 409, body: { success: false, error: { code: 'duplicate_id' } } });
    expect(await send(bench, 'alice', say('hello'))).toMatchObject({
      body: { success: true, commandId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });

    const claim = { id: 'c1', type: 'task:claim', data: { taskId: 't1' } };
    expect(await send(bench, 'alice', claim)).toMatchObject({
      status: 200,
      body: { result: { taskId: 't1' } },
    });
    await bench.publish('default', [fact('task:assigned', { taskId: 't1', assignee: 'alice' })]);
    const complete = {
      id: 'c2',
      type: 'task:complete',
      data: { taskId: 't1', variables: { approved: true } },
    };
    expect(await send(bench, 'bob', complete)).toMatchObject({ status: 403, body: { success: false } });
    const [once, again] = await Promise.all([0, 1].map(() => send(bench, 'alice', complete)));
    expect(once).toMatchObject({ status: 200, body: { success: true, commandId: 'c2' } });
    expect(again).toEqual(once);
    expect(engine.completions.get('t1')).toEqual({ approved: { value: true } });
    expect(engine.asked.filter((asked) => /t1\/(claim|complete)$/.test(asked))).toHaveLength(2);
  });

  test('goes on to its end when who has asked hangs up', async () => {
    const { bench, engine } = await startWorld();
    const hangUp = new AbortController();
    const claim = { id: 'c1', type: 'task:claim', data: { taskId: 't1' } };
    const sent = new Promise<unknown>((resolve) => {
      engine.next(/t1\/claim/, async () => {
        hangUp.abort();
        await expect(asked).rejects.toThrow(/abort/);
        resolve(undefined);
      });
    });
    const asked = send(bench, 'alice', claim, { signal: hangUp.signal });
    await sent;
    expect(await send(bench, 'alice', claim)).toMatchObject({ status: 200, body: { success: true } });
    expect(engine.tasks.get('t1')!.assignee).toBe('alice');
    expect(engine.asked.filter((asked) => asked.endsWith('t1/claim'))).toHaveLength(1);
  });

  test('is refused by the status of its error, with what is at fault', async () => {
    const { bench, engine } = await startWorld();
    const claim = { type: 'task:claim', data: { taskId: 't1' } };
    const refusals: [unknown, number, object][] = [
      [{ type: 'task:steal', data: {} }, 404, { code: 'unknown_command' }],
      [{ type: '__proto__', data: {} }, 404, { code: 'unknown_command' }],
      [{ type: 'task:claim', data: {} }, 400, { code: 'invalid', field: 'taskId' }],
      [{ type: 'task:claim', data: { taskId: 't9' } }, 403, { code: 'forbidden' }],
      [
        { type: 'task:complete', data: { taskId: 't1', variables: { n: [] } } },
        400,
        { field: 'variables.n' },
      ],
    ];
    for (const [body, status, error] of refusals)
      expect(await send(bench, 'alice', body)).toMatchObject({ status, body: { success: false, error } });
    // What is no command at all is answered as by any route.
    const wrong: [unknown, object][] = [
      [{ ...claim, id: 'a b' }, { field: 'id' }],
      [{ type: 'task:claim' }, { field: 'data' }],
      [{ data: {} }, { field: 'type' }],
      [{ ...claim, commandId: 'c1' }, { message: expect.stringContaining('commandId') }],
      [{ ...claim, data: { ...claim.data, commandId: 'c1' } }, { field: 'data.commandId' }],
      [[claim], {}],
    ];
    for (const [body, error] of wrong)
      expect(await send(bench, 'alice', body)).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid', ...error } },
      });
    expect(await send(bench, 'mallory', say('hello'))).toMatchObject({
      status: 403,
      body: { success: false },
    });
    expect(await send(bench, 'alice', say('x'.repeat(300_000)))).toMatchObject({
      status: 413,
      body: { error: { code: 'too_large' } },
    });
    const tokens = {
      token_missing: '',
      token_invalid: `${await bench.token('alice')}x`,
      token_expired: await bench.token('alice', ['developers'], 'default', -60),
    };
    for (const [code, token] of Object.entries(tokens))
      expect(await send(bench, { token }, claim)).toMatchObject({ status: 401, body: { error: { code } } });
    // Of another tenant's things nobody is told more than that they are not theirs.
    const foreign = await bench.token('alice', ['developers'], 'other');
    expect(await send(bench, { token: foreign }, claim)).toMatchObject({
      status: 403,
      body: { success: false, error: { code: 'forbidden' } },
    });
    const page = { origin: 'https://elsewhere.example', 'content-type': 'application/json' };
    expect(await send(bench, 'alice', claim, { headers: page })).toMatchObject({
      status: 403,
      body: { error: { code: 'origin_refused' } },
    });
    expect(engine.asked).toEqual([]);
  });

  test('has the pace of a socket, a person at a time, also by the routes of forms', async () => {
    const { bench } = await startWorld({ LIMIT_CHAT_COMMANDS: '2/0.01', LIMIT_ENGINE_COMMANDS: '1/0.01' });
    const all = await Promise.all([1, 2, 3].map((n) => send(bench, 'alice', say(`${n}`))));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    const refused = all.find(({ status }) => status === 429)!;
    expect(refused.body).toMatchObject({
      success: false,
      error: { code: 'too_many_requests', retryable: true, retryAfter: expect.any(Number) },
    });
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);
    expect((await send(bench, 'bob', say('1'))).status).toBe(200);
    const claim = { type: 'task:claim', data: { taskId: 't1' } };
    expect((await send(bench, 'alice', claim)).status).toBe(200);
    const form = await fetch(`${bench.url}/v1/tasks/t2/form`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await bench.token('alice', ['developers'])}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ form: { key: 'f', version: '1', kind: 'form-js' }, data: {} }),
    });
    expect(form.status).toBe(429);
    expect(await form.json()).toMatchObject({ error: { code: 'too_many_requests' } });
  });

  test('is a connection of the person while it is under way', async () => {
    const { bench, engine } = await startWorld({ LIMIT_CONNECTIONS_USER: '1' });
    const claim = (taskId: string) => ({ type: 'task:claim', data: { taskId } });
    let inMeanwhile: unknown;
    engine.next(/t1\/claim/, async () => {
      inMeanwhile = await send(bench, 'alice', claim('t2'));
    });
    expect((await send(bench, 'alice', claim('t1'))).status).toBe(200);
    expect(inMeanwhile).toMatchObject({ status: 429, body: { error: { code: 'too_many_requests' } } });
    expect((await send(bench, 'alice', claim('t2'))).status).toBe(200);
  });
});
