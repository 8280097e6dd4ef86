import { step } from '../scripts/lib/step.mjs';
import { openStage } from '../scripts/stage/stage.mjs';
import { measureAnswers, RATE, ROUNDS, SECONDS } from './burst/answering.mjs';
import { MESSAGES, measureMessages, measureTasks, TASKS } from './burst/scrolling.mjs';

export const about = `a page while ${RATE} events a second come: from a key to its letter on the screen, beside the same page at rest; and scrolling ${MESSAGES} messages and ${TASKS} tasks, beside as many bare lines`;

export async function run() {
  const stage = await openStage({
    env: { LOG_LEVEL: 'warn', AUDIT: 'off', LIMIT_HTTP_PUBLISHES: 'off', LIMIT_HTTP_REQUESTS: 'off' },
  });
  const results = [
    ...(await step(`${RATE} events a second on the page of their execution`, () => measureAnswers(stage))),
    ...(await step(`Scrolling ${MESSAGES} messages`, () => measureMessages(stage))),
    ...(await step(`Scrolling ${TASKS} tasks`, () => measureTasks(stage))),
  ];
  await stage.close();
  return { samples: { 'rounds of each': ROUNDS, 'seconds of a burst': SECONDS }, results };
}
