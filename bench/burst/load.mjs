import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two batches of the burst, at least. */
const EVERY = 20;

/** Open tasks that change in the burst, and agents' services that get on. */
const TASKS = 50;
const SERVICES = 10;

/** Events of one request. */
const BATCH = 1000;

const words = 'as people write them, a line or two, with **something** of Markdown now and then. ';

/** Publishes so many at once as fit. */
export async function publishMany(stage, events) {
  for (let first = 0; first < events.length; first += BATCH)
    await stage.publishAll(events.slice(first, first + BATCH));
}

/** An execution in which a burst comes. */
export async function openBurst(stage) {
  await stage.execution('burst');
  await stage.publish('process:started', {
    processInstanceId: 'p',
    processDefinitionKey: 'd',
    businessKey: 'burst',
  });
  await publishMany(
    stage,
    Array.from({ length: TASKS }, (_, n) => [
      'task:created',
      {
        taskId: `t-${n}`,
        taskName: `Task ${n}`,
        processInstanceId: 'p',
        candidates: { addGroups: ['developers'] },
      },
    ]),
  );
}

let count = 0;

/** The next event of the burst: six messages of ten, three changes of tasks, one step of a service. */
function next() {
  const n = count++;
  const kind = n % 10;
  if (kind < 6)
    return [
      'message:new',
      { messageId: `b-${n}`, executionId: 'burst', userId: 'bob', content: `Number ${n}: ${words}` },
    ];
  if (kind < 9)
    return [
      'task:updated',
      { taskId: `t-${n % TASKS}`, processInstanceId: 'p', priority: n, taskName: `Task ${n}` },
    ];
  return [
    'microservice:generating',
    {
      ...{ microserviceId: `m-${n % SERVICES}`, name: `service-${n % SERVICES}`, executionId: 'burst' },
      ...{ started: '2026-01-01T00:00:00.000Z', progress: n % 100, step: `Step ${n}` },
    },
  ];
}

/**
 * Publishes so many a second, for so many seconds: what is due, as one batch behind the other. Batches that are under
 * way at once would contend for the same tasks in the gateway, which is not what is measured.
 *
 * @returns {Promise<{ rate: number, last: string }>} how many a second were taken, and how the last message begins
 */
export async function burst(stage, rate, seconds) {
  const begun = performance.now();
  const passed = () => (performance.now() - begun) / 1000;
  let sent = 0;
  let last;
  while (sent < rate * seconds) {
    const due = Math.min(rate * seconds, sent + BATCH, Math.floor(passed() * rate));
    const events = Array.from({ length: due - sent }, next);
    sent = due;
    if (events.length > 0) await stage.publishAll(events);
    last = events.findLast(([type]) => type === 'message:new')?.[1].content.split(':')[0] ?? last;
    await sleep(EVERY);
  }
  return { rate: sent / passed(), last };
}
