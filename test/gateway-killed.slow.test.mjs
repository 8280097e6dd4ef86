import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { whatHappened } from '../scripts/smoke/history.mjs';
import { openScreen } from '../scripts/smoke/screen.mjs';
import { judge } from '../scripts/smoke/verdict.mjs';
import { engineRest } from '../scripts/stack/engine.mjs';
import { startStack } from '../scripts/stack/stack.mjs';

/** Times that the gateway is killed in one run. */
const KILLS = 3;

/**
 * Instances that are worked through around each kill: before it, while the gateway is away, and while it comes back.
 * All of them together are fewer events than the 500 that a screen keeps of a room, so that also a browser that is
 * away from the first kill to the last has to show each.
 */
const PART = 3;

let dir;
let stack;
let browser;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'gateway-killed-'));
  stack = await startStack({ dir });
  browser = await startBrowser();
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Starts so many instances of one execution, one after the other; claims, gives away and completes their tasks. */
async function work(rest, businessKey, count, instances) {
  for (let i = 0; i < count; i++) {
    const { id } = await rest('POST', '/process-definition/key/quick-check/start', { businessKey });
    instances.push(id);
    const [task] = await rest('GET', `/task?processInstanceId=${id}`);
    await rest('POST', `/task/${task.id}/claim`, { userId: 'alice' });
    await rest('POST', `/task/${task.id}/assignee`, { userId: 'bob' });
    await rest('POST', `/task/${task.id}/complete`, {});
  }
}

test('killing the gateway while the engine works loses nothing: the open browser catches up by itself', async () => {
  const rest = engineRest(stack.engine.url, stack.account);
  const { secrets } = stack;
  let { gateway } = stack;
  const { id: first } = await rest('POST', '/process-definition/key/quick-check/start', {
    businessKey: 'killed',
  });
  const alice = await openScreen(await browser.newContext(), {
    who: 'alice',
    url: gateway.url,
    password: secrets.demoPassword,
  });
  await alice.watch('killed');

  const instances = [];
  const untilStarted = (count) =>
    expect.poll(() => instances.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count);
  for (let kill = 0; kill < KILLS; kill++) {
    const working = work(rest, 'killed', 3 * PART, instances);
    await untilStarted((3 * kill + 1) * PART);
    gateway.kill('SIGKILL');
    await gateway.exited;
    // The engine does not notice: its users' transactions go on.
    await untilStarted((3 * kill + 2) * PART);
    gateway = await stack.openGateway();
    await working;
  }

  await alice.untilLive();
  const history = (await Promise.all([first, ...instances].map((id) => whatHappened(rest, id)))).flat();
  await expect
    .poll(async () => judge('alice', history.map(withoutCards), await alice.record()), { timeout: 60_000 })
    .toEqual([]);
  expect(alice.crashes).toEqual([]);
  await gateway.stop();
}, 300_000);

/** A card that came and went while the browser was away was never seen, rightly: its events are. */
const withoutCards = ({ subject, steps }) => ({
  subject,
  steps: steps.map(({ assignee: _, ...step }) => step),
});
