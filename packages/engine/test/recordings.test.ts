import { expect, test } from 'vitest';
import { factsOf, recording, story } from './support/recordings.ts';

test('happy path', () => {
  expect(story(recording('happy-path'))).toMatchInlineSnapshot(`
    "alice: process:started p1, process:updated p1, +service-requested, -service-requested, +review-requirements, task:created t1 (nobody)
    alice: task:updated t1 (alice)
    alice: task:updated t1 (bob)
    bob: task:completed t1 (bob), -review-requirements, +generate-service
    -: -generate-service, +code-ready, -code-ready, +approve-release, task:created t2 (nobody)
    bob: task:updated t2 (bob)
    bob: task:updated t2 (nobody)
    bob: task:updated t2 (bob)
    bob: task:completed t2 (bob), -approve-release, +approved, -approved
    -: +deploy-service, process:updated p1, -deploy-service, +service-delivered, -service-delivered, process:completed p1"
  `);
});

test('error path', () => {
  expect(story(recording('error-path'))).toMatchInlineSnapshot(`
    "alice: process:started p1, process:updated p1, +service-requested, -service-requested, +review-requirements, task:created t1 (nobody)
    alice: task:completed t1 (nobody), -review-requirements, +generate-service
    -: x generate-service, +generation-failed, -generation-failed, +repair-code, task:created t2 (nobody)
    alice: task:updated t2 (alice)
    alice: task:completed t2 (alice), -repair-code, +code-ready, -code-ready, +approve-release, task:created t3 (nobody)
    bob: process:updated p1, task:completed t3 (nobody), -approve-release, +approved, -approved, +repair-code, task:created t4 (nobody)
    alice: task:updated t4 (nobody)
    alice: task:completed t4 (nobody), -repair-code, +code-ready, -code-ready, +approve-release, task:created t5 (nobody)
    bob: process:updated p1, task:completed t5 (nobody), -approve-release, +approved, -approved
    -: +deploy-service, process:updated p1, -deploy-service, +service-delivered, -service-delivered, process:completed p1"
  `);
});

test('a job that has no retries left is an incident, until it has some again', () => {
  expect(story(recording('failed-job'))).toMatchInlineSnapshot(`
    "alice: process:started p1, process:updated p1, +service-requested, -service-requested, +review-requirements, task:created t1 (nobody)
    alice: task:completed t1 (nobody), -review-requirements, +generate-service
    -: -generate-service, +code-ready, -code-ready, +approve-release, task:created t2 (nobody)
    bob: task:completed t2 (nobody), -approve-release, +approved, -approved
    -: process:error i1
    bob: process:updated p1
    bob: process:error-resolved i1
    -: +deploy-service, process:updated p1, -deploy-service, +service-delivered, -service-delivered, process:completed p1"
  `);
});

test('an incident of an external task ends with its instance', () => {
  expect(story(recording('failed-external-task'))).toMatchInlineSnapshot(`
    "alice: process:started p1, process:updated p1, +service-requested, -service-requested, +review-requirements, task:created t1 (nobody)
    alice: task:completed t1 (nobody), -review-requirements, +generate-service
    -: process:error i1
    gateway: x generate-service, process:error-resolved i1, process:cancelled p1"
  `);
});

test('what is deleted is cancelled', () => {
  expect(story(recording('deletion'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +check-requested, -check-requested, +check, task:created t1 (nobody)
    alice: task:updated t1 (alice)
    -: task:cancelled t1 (alice), x check, process:cancelled p1"
  `);
});

test('an instance that is suspended and activated', () => {
  expect(story(recording('suspend-activate'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +check-requested, -check-requested, +check, task:created t1 (nobody)
    bob: process:suspended p1, process:linked p1
    bob: process:resumed p1, process:linked p1
    alice: task:completed t1 (nobody), -check, +checked, -checked, process:completed p1"
  `);
});

test('called instances', () => {
  expect(story(recording('called-instances'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +check-it#multiInstanceBody, +check-it, process:started p2, +check-requested, -check-requested, +check, task:created t1 (nobody)
    alice: task:completed t1 (nobody), -check, +checked, -checked, process:completed p2, -check-it, +check-it, process:started p3, +check-requested, -check-requested, +check, task:created t2 (nobody)
    alice: task:completed t2 (nobody), -check, +checked, -checked, process:completed p3, -check-it, -check-it#multiInstanceBody, +done, -done, process:completed p1"
  `);
});

test('a business key that is set late', () => {
  expect(story(recording('late-link'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +fork, -fork, +look, task:created t1 (nobody), +call, process:started p2, +check-requested, -check-requested, +check, task:created t2 (nobody), +name-it, task:created t3 (nobody)
    alice: task:completed t3 (nobody), -name-it, +link, process:resumed p1, process:linked p1, -link, +go-on, task:created t4 (nobody)
    alice: task:completed t1 (nobody), -look, +join
    alice: task:completed t2 (nobody), -check, +checked, -checked, process:completed p2, -call, +join
    alice: task:completed t4 (nobody), -go-on, +join, -join, -join, -join, +done, -done, process:completed p1"
  `);
});

test('a task without a process', () => {
  expect(story(recording('standalone-task'))).toMatchInlineSnapshot(`
    "alice: task:created t1 (nobody)
    alice: task:updated t1 (nobody)
    alice: task:updated t1 (alice)
    alice: task:updated t1 (bob)
    bob: task:updated t1 (alice)
    alice: task:completed t1 (alice)"
  `);
});

test('an incident of a called instance is one of its caller, too, until both are over', () => {
  expect(story(recording('called-incident'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +price-it, process:started p2, +begin, -begin
    -: process:error i1, process:error i2
    bob: process:updated p2
    bob: process:error-resolved i2, process:error-resolved i1
    -: +set-price, process:updated p2, -set-price, +done, -done, process:completed p2, -price-it, +done, -done, process:completed p1"
  `);
});

test('candidates who are added and removed', () => {
  expect(story(recording('candidates'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +fork, -fork, +one, task:created t1 (nobody), +two, task:created t2 (nobody), +stop, task:created t3 (nobody)
    alice: task:updated t1 (nobody)
    alice: task:updated t1 (nobody)
    alice: task:updated t1 (nobody)
    alice: task:updated t1 (nobody)
    gateway: task:cancelled t1 (nobody), task:cancelled t2 (nobody), task:cancelled t3 (nobody), x one, x two, x stop, process:cancelled p1"
  `);
});

test('a timer that reminds, and one that takes the task away', () => {
  expect(story(recording('deadlines'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +answer, task:created t1 (alice)
    gateway: +remind, -remind, +remember, task:created t2 (nobody)
    bob: task:completed t2 (nobody), -remember, +done, -done
    gateway: x answer, task:cancelled t1 (alice), +give-up, -give-up, +escalate, task:created t3 (nobody)
    bob: task:completed t3 (nobody), -escalate, +escalated, -escalated, process:completed p1"
  `);
});

test('an error that ends a subprocess takes its other task away', () => {
  expect(story(recording('errors'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +work, +work-begin, -work-begin, +work-fork, -work-fork, +try-it, task:created t1 (nobody), +watch-it, task:created t2 (nobody)
    alice: task:completed t1 (nobody), -try-it, +failed, x failed, x watch-it, task:cancelled t2 (nobody), x work, +caught, -caught, +mend-it, task:created t3 (nobody)
    alice: task:completed t3 (nobody), -mend-it, +done, -done, process:completed p1"
  `);
});

test('a message starts, another one goes on; jobs stand between', () => {
  expect(story(recording('messages'))).toMatchInlineSnapshot(`
    "alice: process:started p1, process:updated p1, +ordered, -ordered, +paid-in
    bob: process:updated p1, -paid-in
    -: +ship, task:created t1 (nobody)
    alice: task:completed t1 (nobody), -ship
    -: +done, -done, process:completed p1"
  `);
});

test('a migrated instance goes on', () => {
  expect(story(recording('migration'))).toMatchInlineSnapshot(`
    "alice: process:started p1, process:updated p1, +begin, -begin, +check, task:created t1 (nobody)
    alice: task:updated t1 (alice)
    bob: process:updated p1, process:updated p1, activity:updated p1, task:updated t1 (alice)
    alice: task:completed t1 (alice), -check, +after, task:created t2 (nobody)
    alice: task:completed t2 (nobody), -after, +done, -done, process:completed p1"
  `);
});

test('an instance that starts in the middle, and is taken back', () => {
  expect(story(recording('modification'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +after, task:created t1 (nobody)
    bob: +check, task:created t2 (nobody), x after, task:cancelled t1 (nobody)
    gateway: task:cancelled t2 (nobody), x check, process:cancelled p1"
  `);
});

test('a task for each of several people, at once', () => {
  expect(story(recording('multi-instance'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +vote#multiInstanceBody, +vote, task:created t1 (voter-0), +vote, task:created t2 (voter-1), +vote, task:created t3 (voter-2)
    alice: task:completed t1 (voter-0), -vote
    alice: task:completed t2 (voter-1), -vote
    alice: task:completed t3 (voter-2), -vote, -vote#multiInstanceBody, +done, -done, process:completed p1"
  `);
});

test('an end that ends all', () => {
  expect(story(recording('parallel-tasks'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +fork, -fork, +one, task:created t1 (nobody), +two, task:created t2 (nobody), +stop, task:created t3 (nobody)
    alice: task:completed t1 (nobody), -one, +join
    bob: task:completed t3 (nobody), -stop, x join, x two, task:cancelled t2 (nobody), +stopped, -stopped, process:completed p1"
  `);
});

test('a completion that was rolled back leaves nothing', () => {
  expect(story(recording('rolled-back'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +check, task:created t1 (nobody)
    bob: task:updated t1 (bob)
    bob: process:updated p1, task:completed t1 (bob), -check, +fails, -fails, +done, -done, process:completed p1"
  `);
});

test('a suspended definition takes its instances along', () => {
  expect(story(recording('suspended-definition'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +check, task:created t1 (nobody)
    bob: process:started p2, +begin, -begin, +check, task:created t2 (nobody)
    bob: process:suspended p1, process:linked p1, process:suspended p2, process:linked p2
    bob: process:resumed p1, process:linked p1, process:resumed p2, process:linked p2
    alice: task:completed t1 (nobody), -check, +after, task:created t3 (nobody)
    alice: task:completed t3 (nobody), -after, +done, -done, process:completed p1
    gateway: task:cancelled t2 (nobody), x check, process:cancelled p2"
  `);
});

test('two tenants', () => {
  expect(story(recording('tenants'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +begin, -begin, +check, task:created t1 (nobody)
    bob: process:started p2, +begin, -begin, +check, task:created t2 (nobody)
    alice: process:updated p1, task:completed t1 (nobody), -check, +after, task:created t3 (nobody)
    bob: task:completed t2 (nobody), -check, +after, task:created t4 (nobody)
    gateway: task:cancelled t3 (nobody), x after, process:cancelled p1
    gateway: task:cancelled t4 (nobody), x after, process:cancelled p2"
  `);
});

test('variables', () => {
  expect(story(recording('variables'))).toMatchInlineSnapshot(`
    "alice: process:started p1, process:updated p1, +begin, -begin, +check, task:created t1 (nobody)
    bob: process:updated p1
    alice: task:updated t1 (nobody)
    alice: task:updated t1 (nobody)
    alice: process:updated p1, task:completed t1 (nobody), -check, +after, task:created t2 (nobody)
    alice: task:updated t2 (nobody)
    alice: task:updated t2
    alice: task:completed t2 (nobody), -after, +done, -done, process:completed p1"
  `);
});

test('a task without a process that has somebody from birth, a part of it, and its deletion', () => {
  expect(story(recording('assigned-from-birth'))).toMatchInlineSnapshot(`
    "alice: task:created t1 (bob)
    alice: task:updated t1 (nobody)
    bob: task:created t2 (bob)
    bob: task:completed t2 (bob)
    alice: task:cancelled t1 (nobody)"
  `);
});

test('an incident without anything else, as at the level none', () => {
  expect(story(recording('none/incident-alone'))).toMatchInlineSnapshot(`
    "-: process:error i1
    bob: process:error-resolved i1"
  `);
});

test.each(['approvals', 'operaton/approvals'])(
  'approvals that a multi-instance asks together: what was decided, and the run that they are of (%s)',
  (name) => {
    const { commands } = recording(name);
    const told = commands
      .flatMap(factsOf)
      .map(({ type, data }) => ({ type, ...(data as Record<string, unknown>) }) as Record<string, unknown>);
    const created = told.filter(({ type }) => type === 'task:created');
    expect(created).toHaveLength(3);
    expect(new Set(created.map(({ approval }) => JSON.stringify(approval))).size).toBe(1);
    expect(created[0]).toMatchObject({
      dueDate: '2030-01-01T00:00:00.000Z',
      approval: { reasonRequired: true, of: 3, among: expect.stringContaining('#multiInstanceBody') },
    });
    const ended = told.filter(({ ended: at, type }) => at !== undefined && /^task:/.test(String(type)));
    expect(ended.map(({ type, assignee, decision, reason }) => [type, assignee, decision, reason])).toEqual([
      ['task:completed', 'alice', 'approved', undefined],
      ['task:completed', 'bob', 'rejected', 'Too soon.'],
      ['task:cancelled', null, undefined, undefined],
    ]);
  },
);
