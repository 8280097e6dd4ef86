import { expect, test } from 'vitest';
import { recording, story } from './support/recordings.ts';

test('happy path', () => {
  expect(story(recording('happy-path'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +service-requested, -service-requested, +review-requirements, task:created t1 (nobody)
    alice: task:updated t1 (alice)
    alice: task:updated t1 (bob)
    bob: task:completed t1 (bob), -review-requirements, +generate-service
    -: -generate-service, +code-ready, -code-ready, +approve-release, task:created t2 (nobody)
    bob: task:updated t2 (bob)
    bob: task:updated t2 (nobody)
    bob: task:updated t2 (bob)
    bob: task:completed t2 (bob), -approve-release, +approved, -approved
    -: +deploy-service, -deploy-service, +service-delivered, -service-delivered, process:completed p1"
  `);
});

test('error path', () => {
  expect(story(recording('error-path'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +service-requested, -service-requested, +review-requirements, task:created t1 (nobody)
    alice: task:completed t1 (nobody), -review-requirements, +generate-service
    -: x generate-service, +generation-failed, -generation-failed, +repair-code, task:created t2 (nobody)
    alice: task:updated t2 (alice)
    alice: task:completed t2 (alice), -repair-code, +code-ready, -code-ready, +approve-release, task:created t3 (nobody)
    bob: task:completed t3 (nobody), -approve-release, +approved, -approved, +repair-code, task:created t4 (nobody)
    alice: task:updated t4 (nobody)
    alice: task:completed t4 (nobody), -repair-code, +code-ready, -code-ready, +approve-release, task:created t5 (nobody)
    bob: task:completed t5 (nobody), -approve-release, +approved, -approved
    -: +deploy-service, -deploy-service, +service-delivered, -service-delivered, process:completed p1"
  `);
});

test('a job that has no retries left is an incident, until it has some again', () => {
  expect(story(recording('failed-job'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +service-requested, -service-requested, +review-requirements, task:created t1 (nobody)
    alice: task:completed t1 (nobody), -review-requirements, +generate-service
    -: -generate-service, +code-ready, -code-ready, +approve-release, task:created t2 (nobody)
    bob: task:completed t2 (nobody), -approve-release, +approved, -approved
    -: process:error i1
    bob: process:error-resolved i1
    -: +deploy-service, -deploy-service, +service-delivered, -service-delivered, process:completed p1"
  `);
});

test('an incident of an external task ends with its instance', () => {
  expect(story(recording('failed-external-task'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +service-requested, -service-requested, +review-requirements, task:created t1 (nobody)
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
    "alice: process:started p1, +requested, -requested, +check-it#multiInstanceBody, +check-it, process:started p2, +check-requested, -check-requested, +check, task:created t1 (nobody)
    alice: task:completed t1 (nobody), -check, +checked, -checked, process:completed p2, -check-it, +check-it, process:started p3, +check-requested, -check-requested, +check, task:created t2 (nobody)
    alice: task:completed t2 (nobody), -check, +checked, -checked, process:completed p3, -check-it, -check-it#multiInstanceBody, +done, -done, process:completed p1"
  `);
});

test('a business key that is set late', () => {
  expect(story(recording('late-link'))).toMatchInlineSnapshot(`
    "alice: process:started p1, +requested, -requested, +fork, -fork, +look, task:created t1 (nobody), +call, process:started p2, +check-requested, -check-requested, +check, task:created t2 (nobody), +name-it, task:created t3 (nobody)
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
