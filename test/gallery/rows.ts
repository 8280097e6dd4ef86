import type { Row } from '@netbuild/realtime-client';

let seq = 0;

const row = (subject: string, data: object, more: object = {}): Row =>
  ({
    id: `gallery/${++seq}`,
    seq,
    type: 'gallery',
    subject,
    time: '2026-01-05T09:00:00.000Z',
    rooms: ['execution:e1'],
    left: [],
    data,
    ...more,
  }) as unknown as Row;

const task = (taskId: string, taskName: string, data: object = {}, more: object = {}) =>
  row(
    `task/${taskId}`,
    { taskId, taskName, state: 'open', candidateUsers: [], candidateGroups: [], executionId: 'e1', ...data },
    more,
  );

const LATE = '2026-01-05T09:00:00.000Z';
const SOON = '2099-03-01T15:30:00.000Z';

/** Tasks in every state. */
export const TASKS = [
  task('open', 'Review the requirements', { candidateGroups: ['developers'], dueDate: SOON }),
  task('mine', 'Approve the budget', { assignee: 'alice', dueDate: LATE, priority: 80 }),
  task('plain', 'Write the release notes', { assignee: 'alice', priority: 10 }),
  task('approval', 'Release to production?', {
    assignee: 'alice',
    approval: { reasonRequired: true, among: 'run', of: 3 },
  }),
  task('given', 'Check the invoice of a supplier whose name is rather long', {
    assignee: 'bob',
    by: 'alice',
  }),
  task('others', 'Call the customer', { assignee: 'carol' }),
  task('saving', 'Update the price list', { assignee: 'alice' }, { pending: 'c1' }),
  task('done', 'Generate the service', { state: 'completed', assignee: 'bob' }),
  task('gone', 'Send a reminder', { state: 'cancelled' }),
];

/** What somebody had filled in, and another has completed. */
export const KEPT = task('kept', 'Describe the fault', { state: 'completed', assignee: 'alice', by: 'bob' });

const approval = (approvalId: string, title: string, data: object = {}) =>
  row(`approval/${approvalId}`, {
    approvalId,
    title,
    state: 'requested',
    candidateUsers: [],
    candidateGroups: [],
    requestedBy: 'dave',
    ...data,
  });

/** Approvals in every state. */
export const APPROVALS = [
  approval('mine', 'Release to production?', {
    assignee: 'alice',
    due: LATE,
    description: 'The tests are green, and the customer has seen it.',
    reasonRequired: true,
    among: 'run',
    of: 3,
  }),
  approval('asked', 'Order two more servers?', { candidateGroups: ['purchasing'], due: SOON }),
  approval('first', 'Release to production?', {
    state: 'approved',
    decidedBy: 'bob',
    reason: 'Looks good to me.',
    ended: LATE,
    among: 'run',
    of: 3,
  }),
  approval('second', 'Release to production?', {
    state: 'rejected',
    decidedBy: 'carol',
    reason: 'The load test is missing.',
    ended: LATE,
    among: 'run',
    of: 3,
  }),
  approval('by-others', 'Give a discount?', { state: 'decided', ended: LATE }),
  approval('gone', 'Hire a consultant?', { state: 'cancelled', ended: LATE }),
];

const STATUSES = [
  'initiated',
  'pending',
  'action_required',
  'failed',
  'cancelled',
  'succeeded',
  'partially_refunded',
  'refunded',
  'disputed',
];

/** Payments in every status. */
export const PAYMENTS = STATUSES.map((status, i) =>
  row(`payment/${status}`, {
    paymentId: status,
    amount: 125_000 + i * 1111,
    currency: 'EUR',
    status,
    updated: LATE,
    payer: 'acme',
    reference: `INV-${4711 + i}`,
    method: 'card',
    ...(status === 'failed' ? { failure: 'The card was declined by its bank.' } : {}),
  }),
);

const agent = (agentId: string, data: object = {}) =>
  row(`agent/${agentId}`, { agentId, agent: 'summarise', state: 'thinking', since: LATE, ...data });

/** Runs of agents in every state. */
export const AGENTS = [
  agent('thinking', {
    words: 'Reading what was said',
    until: new Date(Date.now() + 12_000).toISOString(),
    ttl: 15_000,
    messageId: 'answer',
  }),
  agent('stopping', { state: 'stopping', stopBy: 'alice', until: LATE, ttl: 15_000 }),
  agent('done', { state: 'completed', ended: LATE }),
  agent('failed', { state: 'failed', reason: 'failed', failure: 'The model gave no answer.', ended: LATE }),
  agent('silent', { state: 'failed', reason: 'silent', retryBy: 'bob', ended: LATE }),
  agent('stopped', { state: 'failed', reason: 'stopped', code: 'STOPPED', ended: LATE }),
];

/** Incidents, open and resolved. */
export const INCIDENTS = [
  row('incident/open', {
    incidentId: 'open',
    state: 'open',
    activityId: 'charge-card',
    message: 'The payment service answered 503 three times: java.net.http.HttpTimeoutException',
    created: LATE,
    jobId: 'j1',
  }),
  row('incident/over', {
    incidentId: 'over',
    state: 'resolved',
    activityId: 'ship',
    created: LATE,
    by: 'bob',
  }),
];

/** What an agent says. */
export const MESSAGES = [
  row('message/answer', {
    messageId: 'answer',
    executionId: 'e1',
    content: 'The customer asks for **invoices by email**, with the items of each order.',
    userId: 'summarise',
    timestamp: LATE,
  }),
];

/** A form with a field of every kind. */
export const FORM = {
  form: { key: 'gallery', version: 'v1', kind: 'form-js' },
  schema: {
    type: 'default',
    components: [
      { type: 'text', text: 'Please fill in **what is known**.' },
      {
        type: 'textarea',
        key: 'note',
        label: 'Note',
        description: 'In your own words.',
        validate: { required: true },
      },
      { type: 'textfield', key: 'email', label: 'Email', validate: { validationType: 'email' } },
      { type: 'number', key: 'amount', label: 'Amount', appearance: { suffixAdorner: '€' } },
      {
        type: 'select',
        key: 'size',
        label: 'Size',
        values: [
          { label: 'Small', value: 's' },
          { label: 'Large', value: 'l' },
        ],
      },
      {
        type: 'radio',
        key: 'way',
        label: 'Way',
        values: [
          { label: 'By land', value: 'land' },
          { label: 'By sea', value: 'sea' },
        ],
      },
      {
        type: 'checklist',
        key: 'tags',
        label: 'Tags',
        values: [
          { label: 'Fragile', value: 'fragile' },
          { label: 'Express', value: 'express' },
        ],
      },
      {
        type: 'taglist',
        key: 'people',
        label: 'People',
        values: [
          { label: 'Alice', value: 'alice' },
          { label: 'Bob', value: 'bob' },
        ],
      },
      { type: 'datetime', key: 'when', subtype: 'date', dateLabel: 'When' },
      { type: 'checkbox', key: 'isLate', label: 'It is late' },
      { type: 'textfield', key: 'order', label: 'Order', readonly: true },
      { type: 'textfield', key: 'closed', label: 'Closed', disabled: true },
    ],
  },
  data: { note: '', size: 's', way: 'sea', tags: ['fragile'], people: ['bob'], order: 'o-4711' },
};

/** Many tasks. */
export const MANY = Array.from({ length: 5000 }, (_, i) =>
  task(
    `t${i}`,
    `Task ${i}`,
    i % 3 === 0 ? { assignee: 'alice', dueDate: SOON } : { candidateGroups: ['developers'] },
  ),
);
