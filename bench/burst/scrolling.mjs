import { percentile } from '../../scripts/lib/percentile.mjs';
import { resultOf } from '../lib/rounds.mjs';
import { publishMany } from './load.mjs';
import { openBare, openPage } from './page.mjs';
import { scrollThrough } from './probes.mjs';

export const MESSAGES = 10_000;
export const TASKS = 5000;

const ROUNDS = 3;

/** Pixels a frame, as somebody flings a list, and frames of a round. */
const STEP = 400;
const FRAMES = 300;

const BARE = 'as many bare lines';

const textOf = (n) => `${n}: ${'as people write them, a line or two. '.repeat((n % 3) + 1)}`;

/** A conversation that is here whole. */
export async function measureMessages(stage) {
  await stage.execution('long');
  const events = Array.from({ length: MESSAGES }, (_, n) => [
    'message:new',
    { messageId: `long-${n}`, executionId: 'long', userId: n % 2 ? 'alice' : 'bob', content: textOf(n) },
  ]);
  await publishMany(stage, events);
  const page = await openPage(stage, {
    hash: '#/execution/long',
    ready: '[data-testid=chat][data-status=live]',
  });
  const loaded = await loadAll(page);
  const bare = await openBare(
    stage,
    Array.from({ length: MESSAGES }, (_, n) => textOf(n)),
  );
  return measure(`${MESSAGES} messages of an execution`, loaded, {
    ours: () => page.evaluate(scrollThrough, { ...HOW, within: '[role=log]', line: '[data-event-id]' }),
    [BARE]: () => bare.evaluate(scrollThrough, { ...HOW, line: 'li' }),
  });
}

/** Open tasks that somebody may take. */
export async function measureTasks(stage) {
  await stage.execution('busy');
  await stage.publish('process:started', {
    ...{ processInstanceId: 'busy', processDefinitionKey: 'd', businessKey: 'busy' },
  });
  const candidates = { addGroups: ['developers'] };
  const events = Array.from({ length: TASKS }, (_, n) => [
    'task:created',
    { taskId: `busy-${n}`, taskName: `Task ${textOf(n)}`, processInstanceId: 'busy', candidates },
  ]);
  await publishMany(stage, events);
  const begun = performance.now();
  const page = await openPage(stage, { hash: '#/', ready: '[data-testid=task-card]' });
  const bare = await openBare(
    stage,
    Array.from({ length: TASKS }, (_, n) => textOf(n)),
  );
  return measure(`${TASKS} open tasks of somebody’s work`, performance.now() - begun, {
    ours: () => page.evaluate(scrollThrough, { ...HOW, line: '[data-task-id]' }),
    [BARE]: () => bare.evaluate(scrollThrough, { ...HOW, line: 'li' }),
  });
}

const HOW = { step: STEP, most: FRAMES };

/** Pages back to the beginning; answers with how long that took. */
async function loadAll(page) {
  const begun = performance.now();
  const earlier = page.getByTestId('load-earlier');
  while ((await earlier.count()) > 0) {
    await page.locator('[role=log]').evaluate((box) => {
      box.scrollTop = 0;
    });
    // What is loading takes no press; what is gone meanwhile was the last page.
    await earlier.click({ timeout: 5000 }).catch(() => {});
  }
  return performance.now() - begun;
}

async function measure(scenario, loaded, sides) {
  const rounds = { ours: [], [BARE]: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const side of Object.keys(sides)) rounds[side].push(await sides[side]());
  const row = (metric, unit, of, digits = 1) => {
    const figures = Object.entries(rounds).map(([side, all]) => [side, all.map(of)]);
    return resultOf({ scenario, metric, unit, digits }, Object.fromEntries(figures));
  };
  const alone = (metric, unit, of) =>
    resultOf({ scenario, metric, unit, digits: 1 }, { ours: rounds.ours.map(of) });
  return [
    row('from frame to frame, p50', 'ms', ({ frames }) => percentile(frames, 0.5)),
    row('from frame to frame, p99', 'ms', ({ frames }) => percentile(frames, 0.99)),
    row('from frame to frame, at most', 'ms', ({ frames }) => Math.max(...frames)),
    alone('frames with nothing to read', '%', ({ frames, blank }) => (100 * blank) / frames.length),
    row('elements in the page', '', ({ elements }) => elements, 0),
    alone('until it is here whole', 's', () => loaded / 1000),
  ];
}
