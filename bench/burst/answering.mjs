import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../scripts/lib/percentile.mjs';
import { resultOf } from '../lib/rounds.mjs';
import { burst, openBurst } from './load.mjs';
import { openPage } from './page.mjs';
import { watchAnswers } from './probes.mjs';

/** Events a second, for so many seconds, and times of that. */
export const RATE = 1000;
export const SECONDS = 5;
export const ROUNDS = 3;

const KEYS_A_SECOND = 10;

/** Within so many milliseconds a page has to answer. */
const AIM = 100;

const REST = 'the same page at rest';

/** Somebody writes a message while events come, and while none do. */
export async function measureAnswers(stage) {
  await openBurst(stage);
  const page = await openPage(stage, {
    hash: '#/execution/burst',
    ready: '[data-testid=chat][data-status=live]',
    watch: watchAnswers,
  });
  await page.getByTestId('composer-input').focus();
  const devtools = await page.context().newCDPSession(page);
  // By the processor's clock of its thread alone: whatever else the machine does is not in it.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const typed = async () => {
    const before = await workOf(devtools);
    const seen = await typing(page);
    return { ...seen, work: (await workOf(devtools)) - before };
  };
  const sides = {
    async ours() {
      const [seen, { rate, last }] = await Promise.all([typed(), burst(stage, RATE, SECONDS)]);
      const since = performance.now();
      await page.getByText(last).first().waitFor({ state: 'attached' });
      return { ...seen, rate, late: performance.now() - since };
    },
    [REST]: typed,
  };
  await sides.ours(); // what runs often is compiled by then
  const rounds = { ours: [], [REST]: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const side of round % 2 ? [REST, 'ours'] : ['ours', REST]) rounds[side].push(await sides[side]());
  await page.context().close();
  return results(rounds);
}

/** Seconds that the page's own thread has worked. */
async function workOf(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** What the page's own clock says of a round in which somebody presses keys. */
async function typing(page) {
  await page.getByTestId('composer-input').fill('');
  await page.evaluate(() => window.burst.clear());
  for (const end = performance.now() + SECONDS * 1000; performance.now() < end; ) {
    const pressed = performance.now();
    await page.keyboard.press('a');
    await sleep(Math.max(0, 1000 / KEYS_A_SECOND - (performance.now() - pressed)));
  }
  return page.evaluate(() => ({ ...window.burst }));
}

function results({ ours, [REST]: rest }) {
  const scenario = `${RATE} events a second for ${SECONDS} s on the page of their execution, ${KEYS_A_SECOND} keys a second`;
  const row = (metric, unit, of, digits = 1) => {
    const figures = { ours: ours.map(of), [REST]: rest.map(of) };
    return resultOf({ scenario, metric, unit, digits }, figures);
  };
  const alone = (metric, unit, of) => resultOf({ scenario, metric, unit }, { ours: ours.map(of) });
  return [
    row('from a key to its letter, p50', 'ms', ({ answers }) => percentile(answers, 0.5)),
    row('from a key to its letter, p95', 'ms', ({ answers }) => percentile(answers, 0.95)),
    row('from a key to its letter, at most', 'ms', ({ answers }) => Math.max(...answers)),
    alone(`keys answered within ${AIM} ms`, '%', ({ answers }) => {
      return (100 * answers.filter((took) => took <= AIM).length) / answers.length;
    }),
    row('from frame to frame, p99', 'ms', ({ frames }) => percentile(frames, 0.99)),
    row("the page's thread at work", '% of a core', ({ work }) => (100 * work) / SECONDS),
    alone('longest task of the page', 'ms', ({ long }) => Math.max(0, ...long)),
    alone('events taken', '/s', ({ rate }) => rate),
    alone('until the last one is shown', 'ms', ({ late }) => late),
  ];
}
