import { expect, test } from 'vitest';
import { chainOf } from '../chaos/engine/oracle/chain.mjs';
import { differenceOf } from '../chaos/engine/oracle/compare.mjs';
import { judgeLedger } from '../chaos/engine/oracle/judge.mjs';
import { ledgerOf } from '../chaos/engine/oracle/ledger.mjs';
import { enginePlanOf } from '../chaos/engine/plan.mjs';
import { DOMAIN } from '../chaos/load/cast.mjs';

/** A moment of the made-up past, as the engine writes it. */
const at = (second) => `2026-05-06T10:00:${String(second).padStart(2, '0')}.000+0000`;

/** Tables of an engine in which one instance has an open task, t1, that went from alice to nobody to bob. */
function tablesOf(changes = {}) {
  const task = {
    ...{ id: 't1', name: 'Review', processInstanceId: 'p1', assignee: 'bob', owner: null, priority: 50 },
    ...{ due: null, followUp: null, description: null, tenantId: null },
  };
  const operation = (second, property, orgValue, newValue) => ({
    ...{ id: `o${second}`, entityType: 'Task', operationType: 'Assign', taskId: 't1' },
    ...{ property, orgValue, newValue, timestamp: at(second) },
  });
  const link = (second, operationType, who) => ({
    ...{ id: `l${second}${operationType}`, time: at(second), operationType, taskId: 't1' },
    ...who,
  });
  return {
    instances: [
      { id: 'p1', state: 'ACTIVE', businessKey: 'key', rootProcessInstanceId: 'p1', tenantId: null },
    ],
    openInstances: [{ id: 'p1', businessKey: 'key', suspended: false }],
    tasks: [{ ...task, endTime: null, deleteReason: null }],
    openTasks: [task],
    activities: [
      { id: 'a1', activityId: 'review', processInstanceId: 'p1', endTime: null, canceled: false },
      { id: 'a0', activityId: 'begin', processInstanceId: 'p1', endTime: at(1), canceled: false },
    ],
    incidents: [
      { id: 'i1', processInstanceId: 'p1', endTime: at(4), incidentMessage: 'It failed.', tenantId: null },
    ],
    openIncidents: [],
    links: [
      link(1, 'add', { type: 'candidate', groupId: 'leads' }),
      link(2, 'add', { type: 'assignee', userId: 'alice' }),
      link(3, 'delete', { type: 'assignee', userId: 'alice' }),
      link(4, 'add', { type: 'assignee', userId: 'bob' }),
    ],
    operations: [
      operation(2, 'assignee', null, 'alice'),
      operation(3, 'assignee', 'alice', null),
      operation(4, 'assignee', null, 'bob'),
      {
        ...{ id: 's1', entityType: 'ProcessInstance', operationType: 'Suspend', processInstanceId: 'p1' },
        timestamp: at(5),
      },
      {
        ...{ id: 's2', entityType: 'ProcessInstance', operationType: 'Activate', processInstanceId: 'p1' },
        timestamp: at(6),
      },
    ],
    candidates: new Map([['t1', [{ groupId: 'leads' }]]]),
    ...changes,
  };
}

const LINKS = { processInstanceId: 'p1', businessKey: 'key', executionId: 'key' };
const TASK = {
  ...{ taskId: 't1', state: 'open', taskName: 'Review', priority: 50 },
  ...{ candidateUsers: [], candidateGroups: ['leads'], ...LINKS },
};
const ACTIVITY = { activityInstanceId: 'a1', activityId: 'review', ...LINKS };
const BEGIN = { activityInstanceId: 'a0', activityId: 'begin', ...LINKS };
const INCIDENT = { incidentId: 'i1', message: 'It failed.', ...LINKS };

/** What the log has of it, right as it is. */
const TOLD = [
  ['process/p1', 'process:started', { state: 'active', ...LINKS }],
  ['activity/a0', 'activity:started', BEGIN],
  ['activity/a0', 'activity:completed', { ...BEGIN, canceled: false }],
  ['activity/a1', 'activity:started', ACTIVITY],
  ['task/t1', 'task:created', TASK],
  ['task/t1', 'task:assigned', { ...TASK, assignee: 'alice' }],
  ['task/t1', 'task:unassigned', TASK],
  ['task/t1', 'task:assigned', { ...TASK, assignee: 'bob' }],
  ['incident/i1', 'process:error', INCIDENT],
  ['incident/i1', 'process:error-resolved', INCIDENT],
  ['process/p1', 'process:suspended', { state: 'suspended', ...LINKS }],
  ['process/p1', 'process:resumed', { state: 'active', ...LINKS }],
];

/** What the oracle says of a log: how often of which kind. */
function findingsOf(told, tables = tablesOf()) {
  const subjects = new Map();
  told.forEach(([subject, type, data, domain = DOMAIN], i) => {
    const one = subjects.get(subject) ?? { events: [] };
    subjects.set(subject, one);
    one.events.push({ domain, seq: i + 1, id: `${i}`, type, data });
    one.row = { domain, seq: i + 1, data };
  });
  const kinds = [];
  const transitions = judgeLedger(ledgerOf(tables), subjects, { report: (kind) => kinds.push(kind) });
  return { kinds, transitions };
}

const without = (place) => TOLD.filter((_, i) => i !== place);
const swapped = (a, b) => TOLD.map((one, i) => (i === a ? TOLD[b] : i === b ? TOLD[a] : one));
const inserted = (place, ...more) => TOLD.toSpliced(place, 0, ...more);
const changed = (place, change) =>
  TOLD.map(([subject, type, data, domain], i) =>
    i === place ? [subject, type, { ...data, ...change }, domain] : [subject, type, data, domain],
  );

test('a log that has each transition of the history once, in order, is right', () => {
  // Two of the instance's own, its stand-still, a task with a candidate and three assignments, activities, an incident.
  expect(findingsOf(TOLD)).toEqual({ kinds: [], transitions: 1 + 2 + 1 + 1 + 3 + 1 + 2 + 2 });
});

test('each transition that is missing is found', () => {
  for (const [place, [subject, type]] of TOLD.entries())
    expect(findingsOf(without(place)).kinds, `${type} of ${subject}`).toContain('lost');
});

test('a transition that is there twice is found', () => {
  for (const place of [0, 1, 2, 4, 8, 9])
    expect(findingsOf(inserted(place + 1, TOLD[place])).kinds, TOLD[place][1]).toContain('doubled');
  const again = [TOLD[5], TOLD[6]];
  expect(findingsOf(inserted(7, ...again)).kinds).toContain('doubled');
  const candidate = [
    ['task/t1', 'task:updated', { ...TASK, candidateGroups: [] }],
    ['task/t1', 'task:updated', TASK],
  ];
  expect(findingsOf(inserted(5, ...candidate)).kinds).toEqual(['doubled', 'unexplained']);
});

test('transitions of a subject that changed places are found', () => {
  expect(findingsOf(swapped(1, 2)).kinds).toContain('disordered');
  expect(findingsOf(swapped(8, 9)).kinds).toContain('disordered');
  // It was resumed from the beginning: what comes first here changes nothing, and it ends suspended.
  expect(findingsOf(swapped(10, 11)).kinds).toContain('stale');
  expect(findingsOf(swapped(5, 7)).kinds).toContain('disordered');
});

test('what was rolled back, or never was, is found', () => {
  const phantom = ['task/t2', 'task:created', { ...TASK, taskId: 't2' }];
  expect(findingsOf([...TOLD, phantom]).kinds).toEqual(['unexplained']);
  const ended = ['task/t1', 'task:completed', { ...TASK, assignee: 'bob', state: 'completed' }];
  expect(findingsOf([...TOLD, ended]).kinds).toContain('unexplained');
  expect(findingsOf(inserted(7, ['task/t1', 'task:assigned', { ...TASK, assignee: 'eve' }])).kinds).toEqual([
    'unexplained',
  ]);
});

test('a row that is not as the engine is now is found, each field of it', () => {
  for (const change of [
    { assignee: 'alice' },
    { priority: 51 },
    { dueDate: '2030-01-01T00:00:00.000Z' },
    { taskName: 'Another' },
    { candidateGroups: [] },
    { businessKey: undefined },
    { executionId: 'another' },
  ])
    expect(findingsOf(changed(7, change)).kinds, JSON.stringify(change)).toContain('stale');
  expect(findingsOf(changed(11, { state: 'suspended' })).kinds).toEqual(['stale']);
  expect(findingsOf(changed(11, { businessKey: 'old' })).kinds).toEqual(['stale']);
  expect(findingsOf(changed(9, { message: 'Something else.' })).kinds).toEqual(['stale']);
});

test('what is in the domain of somebody else is found', () => {
  const strayed = TOLD.map(([subject, type, data]) => [
    subject,
    type,
    data,
    subject.startsWith('incident') ? 'north' : DOMAIN,
  ]);
  expect(findingsOf(strayed).kinds).toEqual(['unexplained']);
});

test('an end of another kind than the history has is found', () => {
  const { tasks, openTasks: _, ...rest } = tablesOf();
  const tables = {
    ...rest,
    tasks: [{ ...tasks[0], endTime: at(9), deleteReason: 'deleted' }],
    openTasks: [],
  };
  const ended = (type) => [...TOLD, ['task/t1', type, { ...TASK, assignee: 'bob' }]];
  expect(findingsOf(ended('task:cancelled'), tables).kinds).toEqual([]);
  expect(findingsOf(ended('task:completed'), tables).kinds).toEqual(['lost', 'unexplained']);
});

test('what the engine was told to do after an end has not happened', () => {
  const { instances, openInstances: _, ...rest } = tablesOf();
  const tables = {
    ...rest,
    instances: [{ ...instances[0], state: 'EXTERNALLY_TERMINATED', endTime: at(5) }],
    openInstances: [],
  };
  const ended = ['process/p1', 'process:cancelled', { state: 'cancelled', ...LINKS }];
  // The tables have it resumed a second later.
  expect(findingsOf([...without(11), ended], tables).kinds).not.toContain('lost');
});

test('a suspension that wrote over an end is no other end', () => {
  const { instances, openInstances: _, ...rest } = tablesOf();
  const over = { ...instances[0], state: 'SUSPENDED', endTime: at(9), deleteReason: null };
  const tables = { ...rest, instances: [over], openInstances: [] };
  const ended = ['process/p1', 'process:completed', { state: 'completed', ...LINKS }];
  const { kinds } = findingsOf([...TOLD, ended], tables);
  expect(kinds).not.toContain('unexplained');
  expect(kinds).not.toContain('disordered');
});

test('operations of one millisecond are put in order by what each has found', () => {
  const change = (from, to, millisecond) => ({ from, to, at: millisecond });
  expect(chainOf([change('b', 'c', 1), change('a', 'b', 1), change('c', 'a', 2)], 'a')).toEqual({
    values: ['a', 'b', 'c', 'a'],
    isClear: true,
  });
  expect(chainOf([change('a', 'b', 1)], 'c').isClear).toBe(false);
  expect(chainOf([change('a', 'b', 1), change('c', 'd', 2)], 'd').isClear).toBe(false);
});

test('a difference has the name of what is wrong', () => {
  expect(differenceOf([1, 2, 3], [1, 2, 3])).toBeUndefined();
  expect(differenceOf([1, 2, 3], [1, 3])).toBe('lost');
  expect(differenceOf([1, 2, 3], [1, 3, 2])).toBe('disordered');
  expect(differenceOf([1, 2, 3], [1, 2, 1, 2, 3])).toBe('doubled');
  expect(differenceOf([1, 2, 3], [1, 2, 4, 3])).toBe('unexplained');
});

test('the faults of an engine are a function of the seed', () => {
  const sizes = { instances: 80, faults: 40, networks: ['relay', 'desk'], hasDatabase: false };
  expect(enginePlanOf({ seed: 5, ...sizes })).toEqual(enginePlanOf({ seed: 5, ...sizes }));
  expect(enginePlanOf({ seed: 5, ...sizes }).faults).not.toEqual(enginePlanOf({ seed: 6, ...sizes }).faults);
});
