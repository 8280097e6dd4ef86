import { readFile } from 'node:fs/promises';
import { at } from '../lib/paths.mjs';

/** The time at which all pictures are taken. */
export const NOW = Date.parse('2026-03-10T10:30:00Z');

/** The execution that is shown; its diagram has something of everything. */
export const SHOWN = 'invoice-service';

/** The task whose form is shown. */
export const FORM_TASK = 'portal-review';

const MODEL = 'engine-plugin/demo/src/main/resources/processes';
const KEY = 'microservice-delivery';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const INSTANCE = {
  processDefinitionId: `${KEY}:4:a1`,
  processDefinitionKey: KEY,
  processDefinitionName: 'AI-assisted microservice delivery',
};

/** The steps of the model, in their order. */
const STEPS = {
  'service-requested': ['Service requested', 'startEvent'],
  'review-requirements': ['Review the requirements', 'userTask', 'developers'],
  'generate-service': ['Generate the service', 'serviceTask'],
  'repair-code': ['Repair the generated code', 'userTask', 'developers'],
  'approve-release': ['Approve the release', 'userTask', 'leads'],
  'await-payment': ['Wait for the payment', 'receiveTask'],
  'deploy-service': ['Deploy the service', 'serviceTask'],
  'service-delivered': ['Service delivered', 'endEvent'],
};

/** Workstreams, each at the last of its steps; `ago`: minutes since it began. */
const WORKSTREAMS = [
  {
    id: 'mail-service',
    title: 'Move the mail service',
    ago: 3000,
    at: ['review-requirements'],
    due: 2,
    priority: 40,
  },
  {
    id: 'order-import',
    title: 'Repair the order import',
    ago: 1700,
    at: ['repair-code'],
    due: -1,
    priority: 90,
    with: 'bob',
  },
  { id: 'price-list', title: 'Publish the price list', ago: 1500, at: ['await-payment'] },
  {
    id: 'stock-levels',
    title: 'Show stock levels in the shop',
    ago: 900,
    at: ['deploy-service'],
    stuck: 'No route to host',
  },
  { id: 'returns', title: 'Take back returns', ago: 700, at: ['approve-release'], due: 0, priority: 80 },
  {
    id: 'customer-portal',
    title: 'Deliver the customer portal',
    ago: 300,
    at: ['review-requirements'],
    due: 1,
    priority: 60,
    task: FORM_TASK,
    with: 'alice',
  },
  { id: 'newsletter', title: 'Send the newsletter from the portal', ago: 240, at: ['generate-service'] },
  {
    id: SHOWN,
    title: 'Deliver the invoice service',
    ago: 45,
    at: ['review-requirements', 'generate-service', 'approve-release'],
    due: 1,
    priority: 70,
  },
];

/** The engine's models. */
export async function definitions() {
  const xml = await readFile(at(MODEL, `${KEY}.bpmn`), 'utf8');
  return [
    { id: INSTANCE.processDefinitionId, key: KEY, name: INSTANCE.processDefinitionName, version: 4, xml },
  ];
}

/** Fills a stage whose clock is the one that is given: it goes on as what happens goes on. */
export async function fillWorld(stage, clock) {
  const form = JSON.parse(await readFile(at(MODEL, 'review-requirements.form'), 'utf8'));
  for (const stream of WORKSTREAMS) {
    clock.now = NOW - stream.ago * MINUTE;
    await stage.publish('execution:created', {
      ...{ executionId: stream.id, title: stream.title, createdBy: 'alice' },
      participants: ['alice', 'bob', 'carol'],
    });
    if (stream.id === SHOWN) await tellStory(stage, clock, stream, form);
    else await walk(stage, clock, stream, form);
  }
  clock.now = NOW;
}

/** A workstream from its start to its last step. */
async function walk(stage, clock, stream, form) {
  await begin(stage, clock, stream);
  for (const [n, key] of stream.at.entries()) {
    if (n > 0) await leave(stage, clock, stream, stream.at[n - 1]);
    await enter(stage, clock, stream, key, form);
  }
}

async function begin({ engine }, clock, { id }) {
  const instance = { ...INSTANCE, processInstanceId: `process-${id}` };
  const startTime = new Date(clock.now).toISOString();
  await engine.commit(
    [
      {
        kind: 'process',
        event: 'start',
        id: `process-${id}`,
        businessKey: id,
        startUserId: 'alice',
        startTime,
        ...instance,
      },
      ...activity(instance, clock, 'service-requested', 'start'),
      ...activity(instance, clock, 'service-requested', 'end'),
    ],
    'alice',
  );
}

async function enter({ engine }, clock, { id, task, due, priority, stuck, with: assignee }, key, form) {
  const instance = { ...INSTANCE, processInstanceId: `process-${id}` };
  clock.now += MINUTE;
  const [name, type, group] = STEPS[key];
  const events = activity(instance, clock, key, 'start');
  if (stuck !== undefined)
    events.push({
      ...{ kind: 'incident', event: 'create', id: `incident-${id}`, incidentType: 'failedJob', ...instance },
      ...{ activityId: key, failedActivityId: key, message: stuck, configuration: `job-${id}` },
      createTime: new Date(clock.now).toISOString(),
    });
  await engine.commit(events);
  if (type !== 'userTask') return;
  await engine.open({
    ...{ id: task ?? `${id}/${key}`.replace('/', '-'), name, taskDefinitionKey: key, groups: [group] },
    ...{ activityInstanceId: `${key}:${id}`, ...instance },
    ...(assignee && { assignee }),
    ...(priority !== undefined && { priority }),
    ...(due !== undefined && { dueDate: new Date(NOW + due * DAY + 6 * 60 * MINUTE).toISOString() }),
    ...(key === 'approve-release' && { approval: true, approvalReasonRequired: true }),
    ...(key === 'review-requirements' && { form }),
  });
}

async function leave({ engine }, clock, { id }, key) {
  const instance = { ...INSTANCE, processInstanceId: `process-${id}` };
  if (STEPS[key][1] === 'userTask') await engine.complete(`${id}-${key}`);
  await engine.commit(activity(instance, clock, key, 'end'));
}

function activity({ processInstanceId, ...definition }, clock, key, event) {
  const [activityName, activityType] = STEPS[key];
  const id = `${key}:${processInstanceId.replace('process-', '')}`;
  const time = new Date(clock.now).toISOString();
  const times = event === 'start' ? { startTime: time } : { startTime: time, endTime: time, canceled: false };
  const which = { id, activityId: key, activityName, activityType };
  return [{ kind: 'activity', event, ...which, ...times, processInstanceId, ...definition }];
}

/** The story of the execution that is shown, as it stands when the release waits for its approval. */
async function tellStory(stage, clock, stream, form) {
  const executionId = stream.id;
  const { publish } = stage;
  let messages = 0;
  const say = async (userId, content, minutes = 1) => {
    clock.now += minutes * MINUTE;
    await publish('message:new', { messageId: `m-${++messages}`, executionId, userId, content });
  };
  await begin(stage, clock, stream);
  await enter(stage, clock, stream, 'review-requirements', form);
  await say('alice', 'I have a first draft of the requirements. Can one of you look at it today?');
  await say('bob', 'I will. Do we send **credit notes** as well, or invoices alone?', 3);
  await say('carol', 'Both. The tax office wants them numbered in *one* sequence.', 2);
  clock.now += 4 * MINUTE;
  await publish('form:submitted', {
    ...{ submissionId: 's-1', formKey: 'review-requirements', formVersion: '1', submittedBy: 'bob' },
    ...{ executionId, taskId: `${executionId}-review-requirements` },
  });
  await leave(stage, clock, stream, 'review-requirements');
  await enter(stage, clock, stream, 'generate-service', form);
  const run = { agentId: 'run-1', agent: 'generator', executionId };
  await publish('agent:thinking', { ...run, words: 'Reading the requirements' });
  clock.now += 2 * MINUTE;
  await publish('message:appended', {
    ...{ agentId: 'run-1', messageId: 'run-1-1', offset: 0 },
    text: [
      'The service is generated. It has three parts:',
      '',
      '1. `POST /invoices` takes an order and answers with the number,',
      '2. a job that sends them by email,',
      '3. tests for all **14 rules** of the requirements.',
    ].join('\n'),
  });
  await publish('agent:completed', { agentId: 'run-1' });
  const service = {
    microserviceId: 'm-1',
    name: 'invoice-service',
    executionId,
    started: new Date(clock.now).toISOString(),
  };
  await publish('microservice:generating', { ...service, progress: 100, step: 'Tests are green' });
  await leave(stage, clock, stream, 'generate-service');
  await enter(stage, clock, stream, 'approve-release', form);
  clock.now += 2 * MINUTE;
  await publish('optimization:suggested', {
    ...{
      optimizationId: 'o-1',
      title: 'Send invoices in batches of 50',
      effect: 'A third of the cost',
      executionId,
    },
  });
  const payment = { paymentId: 'p-1', amount: 125_000, currency: 'EUR', executionId };
  await publish('payment:initiated', payment);
  await say('bob', '@alice the release waits for you. I have tried it with the orders of last week.', 2);
}
