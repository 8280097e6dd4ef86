import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { agent, startAgents } from '../packages/agent/src/index.ts';
import { at, bin } from '../scripts/lib/paths.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { deployModel, engineRest } from '../scripts/stack/engine.mjs';
import { startStack } from '../scripts/stack/stack.mjs';
import { AGENT_MODEL } from './support/agent-model.mjs';

/**
 * Quicker than models are; the gateway looks for who is silent every 2 s. Questions are short: the engine answers one
 * that is still open when its agents have ended, and that task is locked for a while.
 */
const TIMING = { ttl: 6000, stepEvery: 300, lockDuration: 2000, askEvery: 200, wait: 100 };

let dir;
let stack;
let rest;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agents-'));
  stack = await startStack({ dir });
  rest = engineRest(stack.engine.url, stack.account);
  await deployModel(stack.engine.url, stack.account, 'summary', AGENT_MODEL);
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

const where = () => ({
  gateway: { url: stack.gateway.url, key: stack.secrets.publishKey },
  engine: { url: stack.engine.url, ...stack.account },
});

/** Starts the agent here; it ends with the test. */
function work(handle, options) {
  const agents = startAgents({
    ...where(),
    timing: TIMING,
    onTrouble: () => undefined,
    agents: [agent('summarise', handle, options)],
  });
  onTestFinished(() => agents.close(0));
}

/**
 * An instance of alice's that is on her screen, and what she hears of it. Agents begin later: of who is quicker than the
 * engine's own word of the instance she would be told the end alone.
 */
async function begun(variables = {}) {
  const token = tokenOf(stack.secrets.jwtSecret, { user: 'alice', groups: [], domain: 'default' });
  const socket = io(stack.gateway.url, { auth: { token }, transports: ['websocket'], forceNew: true });
  onTestFinished(() => socket.disconnect());
  const send = (name, input) => socket.timeout(30_000).emitWithAck(name, input);
  const heard = [];
  socket.onAny((type, data) => heard.push({ type, data }));
  const executionId = `e-${Math.random().toString(36).slice(2)}`;
  await send('execution:create', { executionId, title: 'Summary' });
  expect(await send('join-execution', executionId)).toMatchObject({ success: true });
  const start = { processDefinitionKey: 'summary', businessKey: executionId, variables };
  const { success, result } = await send('process:start', start);
  expect(success).toBe(true);
  const of = (type) => heard.filter((one) => one.type === type).map(({ data }) => data);
  const next = (type, wanted) =>
    expect.poll(() => of(type).at(-1), { timeout: 30_000, interval: 20 }).toMatchObject(wanted);
  await next('process:started', { processInstanceId: result.processInstanceId });
  return { send, ...result, of, next };
}

/** The text of a message as a screen puts it together that has heard nothing but deltas. */
function textOf(deltas) {
  let text = '';
  for (const delta of deltas) {
    expect(delta.offset).toBe(text.length);
    text += delta.text;
  }
  return text;
}

test('An external task is a run that people see think, speak and come to its result, and the engine gets that', async () => {
  const text = 'Two chairs and a table. ';
  const { executionId, processInstanceId, of, next } = await begun({ text });
  const spoken = Promise.withResolvers();
  work(async ({ variables }, say) => {
    say.status('reading');
    for (const word of variables.text.split(/(?<= )/)) await say(word);
    await spoken.promise;
    await say('That is all.');
    say.usage({ words: 4 });
    return { summary: { length: text.length }, isShort: true };
  });
  await next('agent:thinking', { agent: 'summarise', executionId, processInstanceId, activityId: 'work' });
  await expect.poll(() => textOf(of('agent:delta')), { timeout: 30_000 }).toBe(text);
  await next('message:new', { executionId, agent: 'summarise', userId: 'agent:summarise' });
  spoken.resolve();
  await next('agent:completed', {
    state: 'completed',
    result: { summary: { length: text.length }, isShort: true },
    usage: { words: 4 },
    messageId: of('message:new')[0].messageId,
  });
  expect(of('message:appended').at(-1)).toMatchObject({ content: `${text}That is all.` });
  await next('process:completed', { processInstanceId });
  const told = await rest('GET', `/history/variable-instance?processInstanceId=${processInstanceId}`);
  const values = Object.fromEntries(told.map(({ name, value }) => [name, value]));
  expect(values).toMatchObject({ isShort: true, summary: JSON.stringify({ length: text.length }) });
}, 120_000);

test('An agent whose task is gone hears of it, and its run is cancelled', async () => {
  const { processInstanceId, next } = await begun();
  const ended = Promise.withResolvers();
  work(async (_task, _say, signal) => {
    signal.addEventListener('abort', ended.resolve);
    await ended.promise;
  });
  await next('agent:thinking', { processInstanceId });
  await rest('DELETE', `/process-instance/${processInstanceId}`);
  await next('agent:failed', { reason: 'cancelled' });
  await ended.promise;
}, 120_000);

test('An agent that is stopped by a person ends at once, its task waits, and another try goes on from there', async () => {
  const { send, next, of, executionId, processInstanceId } = await begun();
  let tries = 0;
  work(async (_task, say, signal) => {
    if (++tries > 1) return { tries };
    await say('So far');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  await next('message:new', { content: 'So far', executionId });
  const { agentId } = of('agent:thinking')[0];
  expect(await send('agent:stop', { agentId })).toMatchObject({ success: true });
  await next('agent:stopping', { agentId, stopBy: 'alice' });
  await next('agent:failed', { agentId, reason: 'stopped' });
  await next('process:error', { processInstanceId, message: 'A person has stopped the agent.' });
  expect(await send('agent:retry', { agentId })).toMatchObject({ success: true, result: { agentId } });
  await next('agent:retrying', { agentId, retryBy: 'alice' });
  await next('agent:completed', { follows: agentId, result: { tries: 2 } });
  await next('process:completed', { processInstanceId });
}, 120_000);

test('An agent that is killed has failed within its time, with what it had said, and another goes on with its task', async () => {
  const { gateway, engine } = where();
  const { next, of } = await begun();
  const killed = spawn(bin('node'), [at('test/support/agent-process.mjs')], {
    stdio: 'ignore',
    env: {
      ...process.env,
      GATEWAY: gateway.url,
      KEY: gateway.key,
      ENGINE: engine.url,
      ACCOUNT: engine.user,
      PASSWORD: engine.password,
      TIMING: JSON.stringify(TIMING),
    },
  });
  onTestFinished(() => killed.kill('SIGKILL'));
  await next('message:new', { content: 'What was said so far. ' });
  killed.kill('SIGKILL');
  const began = performance.now();
  const { agentId, messageId } = of('agent:thinking').at(-1);
  await next('agent:failed', { agentId, reason: 'silent', messageId });
  // Its last sign of life was before; a busy machine has a look more.
  expect(performance.now() - began).toBeLessThan(TIMING.ttl + 8000);
  work(async () => ({ done: true }));
  await next('agent:completed', { follows: agentId });
}, 120_000);

test('The agent of the page works, and ends with its process', async () => {
  const page = await readFile(at('docs/agents.md'), 'utf8');
  const [, code] = /^```js\n([\s\S]*?)^```$/m.exec(page);
  const { gateway, engine } = where();
  const { next } = await begun({ text: 'One. Two.' });
  const node = spawn(bin('node'), ['--input-type=module', '--eval', code], {
    cwd: at(),
    stdio: 'ignore',
    env: {
      ...process.env,
      GATEWAY: gateway.url,
      PUBLISH_KEY: gateway.key,
      ENGINE: engine.url,
      ENGINE_USER: engine.user,
      ENGINE_PASSWORD: engine.password,
    },
  });
  onTestFinished(() => node.kill('SIGKILL'));
  const ended = new Promise((resolve) => node.once('exit', (status, signal) => resolve(status ?? signal)));
  await next('agent:completed', { result: { sentences: 2 } });
  node.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 120_000);
