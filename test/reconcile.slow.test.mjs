import { readFile } from 'node:fs/promises';
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

test('over REST alone what a model makes an approval of is one, and who decides elsewhere is told of without a decision', async () => {
  const model = new URL('../packages/engine/test/models/approvals.bpmn', import.meta.url);
  await engine.deploy('approvals', await readFile(model, 'utf8'));
  const node = await startNode(engine, 'approvals', { CAMUNDA_CAPTURE: 'rest' });
  await engine.rest('POST', '/group/create', { id: 'board', name: 'Board', type: 'WORKFLOW' });
  for (const user of ['alice', 'bob']) await engine.rest('PUT', `/group/board/members/${user}`);
  const { id: board } = await engine.rest('POST', '/process-definition/key/approval-of-board/start', {});
  const { id } = await engine.rest('POST', '/process-definition/key/approval-of-one/start', {});
  const approvals = async () =>
    (await node.events()).filter(
      ({ type, data }) => type.startsWith('approval:') && data.processInstanceId === id,
    );
  await expect.poll(approvals, { timeout: 60_000 }).toMatchObject([
    {
      type: 'approval:requested',
      data: { title: 'Approve it', candidateGroups: ['developers'], reasonRequired: true },
    },
  ]);
  const [{ data }] = await approvals();
  await engine.rest('POST', `/task/${data.taskId}/claim`, { userId: 'bob' });
  await engine.rest('POST', `/task/${data.taskId}/complete`, {});
  await expect
    .poll(async () => (await approvals()).at(-1), { timeout: 60_000 })
    .toMatchObject({
      type: 'approval:completed',
      data: { state: 'decided', decidedBy: 'bob' },
    });
  const askedOf = async () =>
    (await node.events())
      .filter(({ type, data: row }) => type === 'approval:requested' && row.processInstanceId === board)
      .map(({ data: row }) => row);
  await expect.poll(async () => (await askedOf()).length, { timeout: 60_000 }).toBe(2);
  const [first, second] = await askedOf();
  expect(first).toMatchObject({ of: 2, among: expect.stringContaining('board#multiInstanceBody') });
  expect(second.among).toBe(first.among);
}, 120_000);
