import { expect, test } from 'vitest';
import { judge, judgeStory, judgeTogether } from '../scripts/smoke/verdict.mjs';

const key = 'engine/default/task/t1';
const history = [
  {
    subject: 'task/t1',
    steps: [
      { type: 'task:created', key: `${key}/created` },
      { type: 'task:assigned', assignee: 'alice' },
      { type: 'task:completed', key: `${key}/ended` },
    ],
  },
];
const line = (seq, type, id, copies = 1) => ({ seq, type, id: `${key}/${id}#1`, copies });
const created = line(1, 'task:created', 'created');
const assigned = line(2, 'task:assigned', 'updated/c1');
const completed = line(3, 'task:completed', 'ended');
const cards = [
  { taskId: 't1', assignee: '' },
  { taskId: 't1', assignee: 'alice' },
];
const screen = (lines, more = {}) => ({ lines, cards, order: lines.map(({ seq }) => seq), ...more });
const faults = (...args) => judge('bob', history, screen(...args));

test('a screen that showed what the engine says has no fault', () => {
  expect(faults([created, assigned, completed])).toEqual([]);
});

test('an event that was never seen is a fault', () => {
  expect(faults([created, assigned])).toEqual(['bob never saw task:completed of task/t1']);
});

test('an assignment that was never seen is a fault', () => {
  expect(faults([created, completed])).toEqual([
    'bob saw task/t1 as task:created, task:completed; the engine says task:created, task:assigned, task:completed',
  ]);
});

test('an event that appeared twice is a fault, one after the other or side by side', () => {
  expect(faults([created, assigned, completed, completed], { order: [1, 2, 3] })).toContain(
    `bob saw ${completed.id} appear 2 times`,
  );
  expect(faults([created, assigned, { ...completed, copies: 2 }])).toEqual([
    `bob had ${completed.id} on the screen twice`,
  ]);
});

test('lines that stand in another order than the log are a fault', () => {
  expect(faults([created, assigned, completed], { order: [1, 3, 2] })).toEqual([
    'bob has 2 below 3 on the screen: out of order',
  ]);
});

test('a task that changed in another order than in the engine is a fault', () => {
  const early = { ...completed, seq: 1 };
  const late = { ...created, seq: 3 };
  expect(faults([early, assigned, late])).toHaveLength(1);
});

test('a card that never showed whom the engine gave the task to is a fault', () => {
  expect(faults([created, assigned, completed], { cards: [{ taskId: 't1', assignee: '' }] })).toEqual([
    'bob saw task/t1 with nobody; the engine gave it to alice',
  ]);
});

test('what one screen has and another lacks is a fault', () => {
  const message = { seq: 4, type: 'message:new', id: 'user/alice/message:send/1#1', copies: 1 };
  expect(judgeTogether({ alice: screen([created, message]), bob: screen([created]) })).toEqual([
    'bob never saw message:new user/alice/message:send/1#1',
  ]);
});

test('what one screen was told last of something that passes, another may lack', () => {
  const passing = { seq: 4, type: 'agent:thinking', id: 'agents/1#1', copies: 1 };
  expect(judgeTogether({ alice: screen([created, passing]), bob: screen([created]) })).toEqual([]);
});

test('an event of the story that is missing, comes once more, or before what it follows on is a fault', () => {
  const story = [
    { type: 'payment:initiated', times: 1 },
    { type: 'agent:thinking' },
    { type: 'payment:confirmed', times: 1 },
  ];
  const told = (...types) =>
    judgeStory('bob', story, { lines: types.map((type, seq) => ({ type, seq, id: `${seq}` })) });
  const whole = ['payment:initiated', 'agent:thinking', 'agent:thinking', 'payment:confirmed'];
  expect(told(...whole)).toEqual([]);
  expect(told('payment:initiated', 'payment:confirmed')).toEqual([
    'bob saw agent:thinking 0 times, not once or more',
  ]);
  expect(told(...whole, 'payment:confirmed')).toEqual(['bob saw payment:confirmed 2 times, not 1']);
  expect(told('agent:thinking', 'payment:initiated', 'payment:confirmed')).toEqual([
    'bob saw agent:thinking before payment:initiated: out of order',
  ]);
});
