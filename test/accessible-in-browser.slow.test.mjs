import { source as axe } from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage } from '../scripts/stage/stage.mjs';

let stage;

beforeAll(async () => {
  stage = await openStage();
  await fill(stage);
}, 60_000);
afterAll(() => stage?.close());

/** Something of each kind that has its own look. */
async function fill({ engine, publish, command, execution }) {
  const id = await execution('accessible', 'Deliver the invoice service');
  const task = { execution: id, groups: ['developers'] };
  await engine.open({ id: 'mine', name: 'Review the requirements', assignee: 'alice', form: FORM, ...task });
  await engine.open({ id: 'free', name: 'Choose a colour', ...task, dueDate: '2020-01-01T12:00:00.000Z' });
  await engine.open({
    id: 'approval',
    name: 'Approve the release',
    approval: true,
    ...task,
    groups: ['leads'],
  });
  await engine.open({ id: 'theirs', name: 'Write the tests', assignee: 'bob', ...task });
  await command('alice', 'message:send', { executionId: id, content: 'Good morning, **all**.' });
  await command('bob', 'message:send', { executionId: id, content: 'Good morning. See https://example.com' });
  await publish('agent:thinking', { agentId: 'run', agent: 'summarise', executionId: id, ttl: 60_000 });
  await publish('optimization:suggested', { optimizationId: 'o', title: 'Fewer steps', executionId: id });
  await publish('process:error', {
    incidentId: 'i',
    processInstanceId: 'process-of-free',
    activityId: 'mail',
  });
}

/** What axe finds on a page as it is now, in words. */
async function foundOn(page) {
  // What moves on coming in has another colour while it does.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => (await window.axe.run()).violations);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

test.each([
  ['light', { width: 1440, height: 900 }],
  ['dark', { width: 1440, height: 900 }],
  ['light', { width: 390, height: 844 }],
])('axe finds nothing on any page: %s, %o', { timeout: 60_000 }, async (colorScheme, viewport) => {
  const context = { colorScheme, viewport, reducedMotion: 'reduce' };
  const found = {};
  const visitor = await (await stage.browser.newContext(context)).newPage();
  await visitor.goto(stage.url);
  await visitor.getByTestId('login-submit').waitFor();
  found.login = await foundOn(visitor);
  await visitor.context().close();

  const alice = await stage.screen('alice', { context });
  const { page } = alice;
  await alice.seesTask('mine');
  found.work = await foundOn(page);
  await alice.visit('accessible');
  found.chat = await foundOn(page);
  await alice.show('tasks');
  await alice.seesTask('mine');
  found.tasks = await foundOn(page);
  await alice.show('diagram');
  found.diagram = await foundOn(page);
  await alice.show('tasks');
  await alice.press('mine', 'task-complete');
  await alice.press('mine', 'form-submit');
  await alice.sees('what is missing', '[data-testid=form-fault-requirements]');
  found.form = await foundOn(page);
  await page.goto(`${stage.url}/#/operations`);
  await page.locator('h1').waitFor();
  found.operations = await foundOn(page);
  await alice.close();

  const bob = await stage.screen('bob', { context });
  await bob.page.goto(`${stage.url}/#/execution/nowhere`);
  await bob.sees('that it is not there', '[data-testid=not-here]');
  found.nowhere = await foundOn(bob.page);
  await bob.close();
  expect(Object.entries(found).filter(([, what]) => what.length > 0)).toEqual([]);
});

const FORM = {
  id: 'review-form',
  type: 'default',
  schemaVersion: 16,
  components: [
    { type: 'textfield', id: 'f1', key: 'requirements', label: 'Requirements', validate: { required: true } },
    {
      ...{ type: 'radio', id: 'f2', key: 'size', label: 'Size' },
      values: ['small', 'large'].map((value) => ({ value, label: value })),
    },
  ],
};
