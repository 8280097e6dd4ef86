import { describe, expect, test } from 'vitest';
import {
  COMMANDS,
  type CommandName,
  check,
  MAX_MESSAGE_BYTES,
  MAX_PARTICIPANTS,
  type RealtimeError,
} from '../src/index.ts';

function failure(name: CommandName, input: unknown) {
  try {
    check(COMMANDS[name] as Parameters<typeof check>[0], input);
  } catch (error) {
    return (error as RealtimeError).toWire();
  }
  throw new Error('It was taken for good.');
}

const VARIABLES = {
  date: { type: 'Date', value: '2026-01-01T12:00:00+02:00' },
  json: { type: 'Json', value: { a: [1, null, 'x'] } },
  whole: { type: 'Integer', value: -5 },
  large: { type: 'Long', value: 2 ** 53 - 1 },
  half: { type: 'Double', value: 2 },
};

const FORM = { key: 'f', version: 'v1', kind: 'form-js' };

const good: [CommandName, object][] = [
  ['task:claim', { taskId: 't1' }],
  ['task:unclaim', { taskId: 't1', commandId: 'A-z_0.9:x' }],
  ['task:assign', { taskId: 't1', assignee: 'bob' }],
  ['task:complete', { taskId: 't1' }],
  ['task:complete', { taskId: 't1', variables: { text: '', number: 1.5, yes: true, none: null } }],
  ['approval:decide', { approvalId: 't1', decision: 'rejected', reason: 'Too soon.' }],
  ['process:start', { processDefinitionKey: 'p' }],
  ['process:start', { processDefinitionKey: 'p', businessKey: 'e1', title: 'T', variables: {} }],
  ['process:start', { processDefinitionKey: 'p', engine: 'other', variables: VARIABLES }],
  ['message:correlate', { messageName: 'm', processInstanceId: 'p1' }],
  [
    'message:correlate',
    { messageName: 'm', businessKey: 'e1', correlationKeys: { n: 1 }, variables: VARIABLES },
  ],
  [
    'process:emit',
    { processInstanceId: 'p1', event: 'created', taskData: { id: 't1', deep: [{ a: null }] } },
  ],
  ['incident:retry', { incidentId: 'i1' }],
  ['agent:stop', { agentId: 'a1' }],
  ['agent:retry', { agentId: 'a1' }],
  ['form:submit', { taskId: 't1', form: FORM, data: { a: 'x', b: [1, { c: null }] } }],
  ['form:submit', { processDefinitionKey: 'p', form: FORM, data: {}, businessKey: 'e1', title: 'T' }],
  ['execution:create', { title: 'T', executionId: 'e1', participants: ['bob'] }],
  ['execution:invite', { executionId: 'e1', users: ['bob', 'carol'] }],
  ['execution:leave', { executionId: 'e1' }],
  ['message:send', { executionId: 'e1', content: ' Hello ' }],
  ['message:send', { executionId: 'e1', content: 'Hello', replyTo: 'm1', mentions: ['bob'] }],
  ['message:edit', { messageId: 'm1', content: ' Hello ' }],
  ['message:delete', { messageId: 'm1' }],
  ['message:read', { executionId: 'e1', messageId: 'm1' }],
  ['message:read', { executionId: 'e1', seq: 1 }],
  ['optimization:accept', { optimizationId: 'o1' }],
  ['optimization:dismiss', { optimizationId: 'o1', reason: 'Not now.' }],
];

test.each(good)('%s takes %j as it is', (name, input) => {
  expect(COMMANDS[name].parse(input)).toEqual(input);
});

test('each command has good input above', () => {
  expect(new Set(good.map(([name]) => name))).toEqual(new Set(Object.keys(COMMANDS)));
});

test.each<[CommandName, unknown, string]>([
  ['task:claim', {}, 'taskId'],
  ['task:claim', { taskId: '' }, 'taskId'],
  ['task:claim', { taskId: 4711 }, 'taskId'],
  ['task:claim', { taskId: 't'.repeat(256) }, 'taskId'],
  ['task:claim', { taskId: 't1', commandId: '' }, 'commandId'],
  ['task:claim', { taskId: 't1', commandId: 'a b' }, 'commandId'],
  ['task:claim', { taskId: 't1', commandId: 'a/b' }, 'commandId'],
  ['task:claim', { taskId: 't1', commandId: 'a\n' }, 'commandId'],
  ['task:claim', { taskId: 't1', commandId: 'a'.repeat(101) }, 'commandId'],
  ['task:unclaim', { taskId: null }, 'taskId'],
  ['task:assign', { taskId: 't1' }, 'assignee'],
  ['task:assign', { taskId: 't1', assignee: '' }, 'assignee'],
  ['task:complete', { taskId: 't1', variables: [] }, 'variables'],
  ['task:complete', { taskId: 't1', variables: { a: {} } }, 'variables.a'],
  ['task:complete', { taskId: 't1', variables: { a: Number.NaN } }, 'variables.a'],
  ['task:complete', { taskId: 't1', variables: { '': 1 } }, 'variables.'],
  ['process:start', {}, 'processDefinitionKey'],
  ['process:start', { processDefinitionKey: 'p', businessKey: '' }, 'businessKey'],
  ['process:start', { processDefinitionKey: 'p', title: '  ' }, 'title'],
  ['form:submit', { form: FORM, data: {} }, 'taskId'],
  ['form:submit', { taskId: 't1', processDefinitionKey: 'p', form: FORM, data: {} }, 'taskId'],
  ['form:submit', { taskId: 't1', form: FORM, data: {}, businessKey: 'e1' }, 'businessKey'],
  ['form:submit', { taskId: 't1', form: { key: 'f' }, data: {} }, 'form.version'],
  ['form:submit', { taskId: 't1', form: FORM, data: [] }, 'data'],
  ['execution:create', { title: '  ' }, 'title'],
  ['execution:create', { title: 't'.repeat(201) }, 'title'],
  ['execution:create', { title: 'T', participants: ['bob', ''] }, 'participants.1'],
  ['execution:create', { title: 'T', participants: Array(MAX_PARTICIPANTS + 1).fill('bob') }, 'participants'],
  ['message:send', { content: 'Hello' }, 'executionId'],
  ['message:send', { executionId: 'e1' }, 'content'],
  ['message:send', { executionId: 'e1', content: ' \n\t' }, 'content'],
  ['message:send', { executionId: 'e1', content: 'x', replyTo: '' }, 'replyTo'],
  ['message:send', { executionId: 'e1', content: 'x', mentions: ['bob', 1] }, 'mentions.1'],
  ['message:send', { executionId: 'e1', content: 'x', mentions: Array(51).fill('bob') }, 'mentions'],
  ['message:edit', { content: 'x' }, 'messageId'],
  ['message:edit', { messageId: 'm1', content: '  ' }, 'content'],
  ['message:delete', {}, 'messageId'],
  ['message:read', { executionId: 'e1' }, 'messageId'],
  ['message:read', { executionId: 'e1', messageId: 'm1', seq: 1 }, 'messageId'],
  ['message:read', { executionId: 'e1', seq: 0 }, 'seq'],
  ['message:read', { executionId: 'e1', seq: 1.5 }, 'seq'],
  ['message:read', { seq: 1 }, 'executionId'],
])('%s refuses %j and names the field %s', (name, input, field) => {
  expect(failure(name, input)).toMatchObject({ code: 'invalid', field, retryable: false });
});

test.each([undefined, null, 'text', 1, []])('no command takes %j', (input) => {
  for (const name of Object.keys(COMMANDS) as CommandName[])
    expect(failure(name, input).code).toBe('invalid');
});

test('what a command does not know is not passed on', () => {
  const parsed = COMMANDS['task:claim'].parse({ taskId: 't1', userId: 'mallory' });
  expect(parsed).toEqual({ taskId: 't1' });
});

test('a title is trimmed, and the participants of an execution may be left out', () => {
  expect(COMMANDS['execution:create'].parse({ title: ' T ' })).toEqual({ title: 'T', participants: [] });
  expect(COMMANDS['process:start'].parse({ processDefinitionKey: 'p', title: ' T ' })).toMatchObject({
    title: 'T',
  });
});

describe('a message', () => {
  const send = (content: string) => ({ executionId: 'e1', content });

  test('may be as long as its limit, in bytes', () => {
    expect(COMMANDS['message:send'].safeParse(send('a'.repeat(MAX_MESSAGE_BYTES))).success).toBe(true);
    expect(COMMANDS['message:send'].safeParse(send('é'.repeat(MAX_MESSAGE_BYTES / 2))).success).toBe(true);
    expect(COMMANDS['message:send'].safeParse(send('👩'.repeat(MAX_MESSAGE_BYTES / 4))).success).toBe(true);
  });

  test.each([
    'a'.repeat(MAX_MESSAGE_BYTES + 1),
    'é'.repeat(MAX_MESSAGE_BYTES / 2 + 1),
    'a'.repeat(1_000_000),
  ])('beyond it is too large', (content) => {
    expect(failure('message:send', send(content))).toMatchObject({ code: 'too_large', field: 'content' });
  });

  test('says the time of its writer in vain', () => {
    for (const timestamp of [0, 'yesterday', null]) {
      expect(COMMANDS['message:send'].safeParse({ ...send('Hello'), timestamp }).success).toBe(true);
    }
  });
});
