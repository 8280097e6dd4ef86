import { describe, expect, test } from 'vitest';
import { createEngineClient, type Looking } from '../src/index.ts';
import { reply, startRest } from './support/rest.ts';

/** What is asked, as its path and body, and what is answered. */
type Answers = [asked: RegExp, status: number, body: unknown][];

/** Looks at a server that answers as it is told; whatever else is asked finds nothing. */
async function lookAt(answers: Answers) {
  const rest = await startRest((response) => {
    const { path, body } = rest.asked.at(-1)!;
    const found = answers.find(([asked]) => asked.test(`${path} ${JSON.stringify(body)}`));
    if (found) reply(found[1], JSON.stringify(found[2]))(response);
    else reply(200, '[]')(response);
  });
  return { look: createEngineClient({ url: rest.url }).look, asked: rest.asked };
}

const noTask = { type: 'InvalidRequestException', message: 'No matching task with id t1' };
const sought = {
  command: 'default/alice/c1',
  processDefinitionKey: 'p',
  businessKey: 'e1',
  since: '2026-01-01T12:00:00.000Z',
};

describe('A task', () => {
  test.each<[string, Answers, unknown]>([
    [
      'that is open',
      [[/\/engine-rest\/task\/t1 /, 200, { id: 't1', assignee: 'alice' }]],
      { state: 'open', assignee: 'alice' },
    ],
    [
      'that nobody has',
      [[/\/engine-rest\/task\/t1 /, 200, { id: 't1', assignee: null }]],
      { state: 'open', assignee: undefined },
    ],
    [
      'that was completed',
      [
        [/\/engine-rest\/task\/t1 /, 404, noTask],
        [/history/, 200, [{ assignee: 'alice', deleteReason: 'completed' }]],
      ],
      { state: 'completed', assignee: 'alice' },
    ],
    [
      'that was deleted',
      [
        [/\/engine-rest\/task\/t1 /, 404, noTask],
        [/history/, 200, [{ assignee: null, deleteReason: 'deleted' }]],
      ],
      { state: 'cancelled', assignee: undefined },
    ],
    ['that nothing tells of', [[/\/engine-rest\/task\/t1 /, 404, noTask]], { state: 'gone' }],
  ])('%s is seen so', async (_what, answers, seen) => {
    const { look } = await lookAt(answers);
    expect(await look.task('t1')).toEqual(seen);
  });

  test.each<[string, number, unknown]>([
    ['a page that is not there', 404, 'Not Found'],
    ['an answer without a task', 200, { tasks: [] }],
    ['an engine that refuses', 403, { type: 'AuthorizationException', message: 'No.' }],
  ])('is not taken for gone by %s', async (_what, status, body) => {
    const { look } = await lookAt([[/\/engine-rest\/task\/t1 /, status, body]]);
    await expect(look.task('t1')).rejects.toMatchObject({ name: 'RealtimeError' });
  });
});

describe('The instance that a command has started', () => {
  const started = (look: Looking) => look.started(sought);

  test('is found while it runs, and when it has ended', async () => {
    const running = await lookAt([[/\/engine-rest\/process-instance /, 200, [{ id: 'p1' }]]]);
    expect(await started(running.look)).toEqual({ processInstanceId: 'p1' });
    expect(running.asked[0]!.body).toEqual({
      processDefinitionKey: 'p',
      rootProcessInstances: true,
      variables: [{ name: 'netbuildCommandId', operator: 'eq', value: 'default/alice/c1' }],
    });
    const ended = await lookAt([[/\/history\/process-instance /, 200, [{ id: 'p2' }]]]);
    expect(await started(ended.look)).toEqual({ processInstanceId: 'p2' });
  });

  const others: Answers[number] = [/history\/process-instance\?maxResults=1 \{\}/, 200, [{ id: 'other' }]];
  const ended: Answers[number] = [/history\/process-instance\?.*finishedAfter/, 200, [{ id: 'p3' }]];
  const variables: Answers[number] = [/history\/variable-instance/, 200, [{ id: 'v' }]];

  test.each<[string, Answers, unknown]>([
    ['was not there, where the history knows others, and none of this key', [others], 'none'],
    [
      'was not there, where one of this key has ended that did not bear its name',
      [others, ended, variables],
      'none',
    ],
    [
      'may have been, where one of this key has ended, and the history has no variables',
      [others, ended],
      'unknown',
    ],
    ['may have been, where there is no history', [], 'unknown'],
  ])('%s', async (_what, answers, seen) => {
    const { look } = await lookAt(answers);
    expect(await started(look)).toEqual(seen);
  });

  test('is looked for by the engine’s clock, which may be behind', async () => {
    const { look, asked } = await lookAt([others]);
    await started(look);
    expect(asked.at(-1)!.body).toMatchObject({ finishedAfter: '2026-01-01T11:59:00.000+0000' });
  });
});

describe('The instance that a message has reached', () => {
  const correlated = (look: Looking) => look.correlated({ command: 'c', processInstanceId: 'p1' });
  const named: Answers[number] = [/variableValue=c/, 200, [{ id: 'v', processInstanceId: 'p1' }]];
  const later: Answers[number] = [/variable-instance\?.*processInstanceId=p1/, 200, [{ id: 'v' }]];
  const update: Answers[number] = [/detail\?.*variableInstanceId=v/, 200, [{ value: 'b' }, { value: 'c' }]];
  const others: Answers[number] = [/variable-instance\?maxResults=1/, 200, [{ id: 'v' }]];

  test.each<[string, Answers, unknown]>([
    ['is known by the name of the message', [named], { processInstanceId: 'p1' }],
    ['is known by what was overwritten since', [later, update], { processInstanceId: 'p1' }],
    ['was none, where only others have come', [later], 'none'],
    ['was none, where the history has other variables', [others], 'none'],
    ['may have been, where the history has none', [], 'unknown'],
  ])('%s', async (_what, answers, seen) => {
    expect(await correlated((await lookAt(answers)).look)).toEqual(seen);
  });
});

test('an incident that is not over is seen with what has failed, and one that is over is not', async () => {
  const open = { id: 'i1', incidentType: 'failedJob', configuration: 'j1', rootCauseIncidentId: 'i1' };
  const { look } = await lookAt([
    [/incident\/i1 /, 200, open],
    [/incident\/i2 /, 404, { type: 'InvalidRequestException', message: 'No matching incident with id i2' }],
  ]);
  expect(await look.incident('i1')).toEqual({
    incidentType: 'failedJob',
    configuration: 'j1',
    rootCauseIncidentId: 'i1',
  });
  expect(await look.incident('i2')).toBeUndefined();
});
