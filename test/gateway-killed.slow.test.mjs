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

/** Works on until it is told to stop: starts instances of one execution, claims, gives away and completes their tasks. */
function work(rest, businessKey) {
  const instances = [];
  let isGoingOn = true;
  const done = (async () => {
    while (isGoingOn) {
      const { id } = await rest('POST', '/process-definition/key/quick-check/start', { businessKey });
      instances.push(id);
      const [task] = await rest('GET', `/task?processInstanceId=${id}`);
      await rest('POST', `/task/${task.id}/claim`, { userId: 'alice' });
      await rest('POST', `/task/${task.id}/assignee`, { userId: 'bob' });
      await rest('POST', `/task/${task.id}/complete`, {});
    }
  })();
  return {
    instances,
    async stop() {
      isGoingOn = false;
      await done;
    },
  };
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

  const working = work(rest, 'killed');
  for (let kill = 1; kill <= KILLS; kill++) {
    await expect.poll(() => working.instances.length, { timeout: 60_000 }).toBeGreaterThan(kill * 5);
    gateway.kill('SIGKILL');
    await gateway.exited;
    const before = working.instances.length;
    // The engine does not notice: its users' transactions go on.
    await expect.poll(() => working.instances.length, { timeout: 60_000 }).toBeGreaterThan(before + 3);
    gateway = await stack.openGateway();
  }
  await working.stop();

  await alice.untilLive();
  const history = (
    await Promise.all([first, ...working.instances].map((id) => whatHappened(rest, id)))
  ).flat();
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
