import { afterAll, beforeAll, expect, test } from 'vitest';
import { notOnce, startNode, startVariedEngine } from './support/captured-engine.mjs';
import { workInEngine } from './support/engine-load.mjs';

let engine;

beforeAll(async () => {
  engine = await startVariedEngine({ NETBUILD_REALTIME_ENABLED: 'false' });
}, 240_000);

afterAll(() => engine?.stop());

test('over REST alone the rows become what the engine has, while it works and after the gateway was away', async () => {
  const alone = { CAMUNDA_CAPTURE: 'rest' };
  let node = await startNode(engine, 'alone', alone);
  await workInEngine(engine.rest, { seed: 1, steps: 150 });
  await node.untilSame();
  expect(await notOnce(engine, await node.events())).toEqual([]);
  await node.stop();
  await workInEngine(engine.rest, { seed: 2, steps: 100 });
  node = await startNode(engine, 'alone', alone);
  await node.untilSame();
  const events = await node.events();
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(node.lines()).toEqual([]);
}, 400_000);
