import { describe, expect, test } from 'vitest';
import { type ExternalTask, taskEventFact } from '../src/index.ts';

const NOW = '2026-01-01T12:00:00.000Z';

function factOf(event: unknown, taskData: unknown, more: Partial<ExternalTask> = {}) {
  const variables = { event: { value: event }, taskData: { value: taskData } };
  return taskEventFact(
    'default',
    { id: 'x1', topicName: '__task-event__', processInstanceId: 'p1', variables, ...more },
    NOW,
  );
}

const review = { id: 't1', name: 'Review', assignee: 'alice', created: '2026-01-01T10:00:00.000+0200' };

test('an event that tasks have is one of the task, in its process, under the external task’s own id', () => {
  expect(factOf('created', JSON.stringify(review), { processDefinitionKey: 'delivery' })).toEqual({
    source: 'engine/default',
    id: 'task-event/x1',
    type: 'task:created',
    time: NOW,
    data: {
      taskId: 't1',
      taskName: 'Review',
      assignee: 'alice',
      created: '2026-01-01T08:00:00.000Z',
      processInstanceId: 'p1',
      processDefinitionKey: 'delivery',
      origin: 'task-event',
    },
  });
});

test('of an engine with a name of its own says which', () => {
  const variables = { event: { value: 'created' }, taskData: { value: { id: 't1' } } };
  const task = { id: 'x1', topicName: '__task-event__', processInstanceId: 'p1', variables };
  expect(taskEventFact('other', task, NOW)).toMatchObject({
    source: 'engine/other',
    data: { engine: 'other' },
  });
});

test('another one is a custom event of the same name, in the room of its process', () => {
  expect(factOf('escalated', review)).toEqual({
    source: 'engine/default',
    id: 'task-event/x1',
    type: 'x:task:escalated',
    time: NOW,
    rooms: ['process:p1'],
    data: {
      taskId: 't1',
      taskName: 'Review',
      assignee: 'alice',
      created: '2026-01-01T08:00:00.000Z',
      processInstanceId: 'p1',
    },
  });
});

test.each([
  ['nothing but its id', { id: 't1' }, { assignee: null }],
  ['nobody who has it', { id: 't1', assignee: '' }, { assignee: null }],
  ['nulls', { id: 't1', name: null, assignee: null, created: null }, { assignee: null }],
  [
    'a time in milliseconds',
    { id: 't1', created: 1_767_225_600_000 },
    { created: '2026-01-01T00:00:00.000Z' },
  ],
])('a task may have %s', (_what, taskData, data) => {
  expect(factOf('created', taskData).data).toMatchObject({ taskId: 't1', ...data });
});

describe('What a modeller reads in Cockpit of', () => {
  test.each<[string, unknown, unknown, RegExp]>([
    ['no event', undefined, review, /^A task event needs event: the name .*; it is not there\.$/],
    ['an event that is no text', 7, review, /needs event: .*; it is 7\.$/],
    ['an event that is no name', 'it is done!', review, /needs event: a name of .*; it is "it is done!"\.$/],
    ['no data', 'created', undefined, /needs taskData: JSON such as .*; it is not there\.$/],
    ['data that is no JSON', 'created', '{id: 1}', /needs taskData: JSON such as .*; it is "\{id: 1\}"\.$/],
    ['a list', 'created', '[]', /needs taskData: JSON/],
    ['a task without an id', 'created', { name: 'Review' }, /needs taskData\.id: .*; it is not there\.$/],
    ['an id that is a number', 'created', { id: 7 }, /needs taskData\.id: .*; it is 7\.$/],
    [
      'an id that is too long',
      'created',
      { id: 'x'.repeat(256) },
      /needs taskData\.id: .*; it is "x{199}\.$/,
    ],
    ['a name that is none', 'created', { id: 't1', name: {} }, /needs taskData\.name/],
    ['an assignee that is none', 'created', { id: 't1', assignee: ['alice'] }, /needs taskData\.assignee/],
    [
      'a time that is none',
      'created',
      { id: 't1', created: 'yesterday' },
      /needs taskData\.created: a time .*; it is "yesterday"\.$/,
    ],
    [
      'a time that can not be',
      'created',
      { id: 't1', created: '2026-13-45T00:00:00Z' },
      /needs taskData\.created/,
    ],
  ])('%s', (_what, event, taskData, sentence) => {
    expect(() => factOf(event, taskData)).toThrow(
      expect.objectContaining({ name: 'Hopeless', message: expect.stringMatching(sentence) }),
    );
  });
});
