import { afterAll, beforeAll, expect, test } from 'vitest';
import { notOnce, startNode, startVariedEngine } from './support/captured-engine.mjs';
import { workInEngine } from './support/engine-load.mjs';
import { startRelayWay } from './support/relay-way.mjs';

let engine;
let way;

beforeAll(async () => {
  way = await startRelayWay();
  engine = await startVariedEngine({ GATEWAY_URL: way.url });
}, 240_000);

afterAll(async () => {
  await engine?.stop();
  await way?.close();
});

async function corrections(node) {
  const text = await (await fetch(`${node.url}/metrics`)).text();
  return [...text.matchAll(/netbuild_corrections_total\{.*\} (\d+)/g)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}

test('behind a plugin nothing is corrected while it is well or late, and exactly what it has lost', async () => {
  const node = await startNode(engine, 'both', { CAMUNDA_CAPTURE: 'both' });
  way.gateway = node.url;
  await workInEngine(engine.rest, { seed: 3, steps: 80 });
  await node.untilSame();

  // It is refused for a while: what it keeps comes later, and nobody comes before it.
  way.mode = 'refuse';
  await workInEngine(engine.rest, { seed: 4, steps: 40 });
  way.mode = 'pass';
  await node.untilSame();
  expect(await notOnce(engine, await node.events())).toEqual([]);
  expect(node.lines()).toEqual([]);
  expect(await corrections(node)).toBe(0);

  way.mode = 'lose';
  await workInEngine(engine.rest, { seed: 5, steps: 40 });
  // It posts in order: with this one all before it is lost, too, and no end comes for what has not begun.
  const before = way.lost;
  await engine.rest('POST', '/task/create', { name: 'last' });
  await expect.poll(() => way.lost, { timeout: 30_000 }).toBeGreaterThan(Math.max(before, 10));
  way.mode = 'pass';
  await node.untilSame();
  const mended = await corrections(node);
  expect(mended).toBeGreaterThan(0);
  expect(await notOnce(engine, await node.events())).toEqual([]);

  // And it is over with that.
  await workInEngine(engine.rest, { seed: 6, steps: 40 });
  await node.untilSame();
  expect(await notOnce(engine, await node.events())).toEqual([]);
  const events = await node.events();
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
}, 600_000);
