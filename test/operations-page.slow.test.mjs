import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import axe from 'axe-core';
import { expect, onTestFinished, test } from 'vitest';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { buildApp } from '../scripts/lib/build.mjs';
import { APP_DIR, at } from '../scripts/lib/paths.mjs';
import { openScreen } from '../scripts/smoke/screen.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { startDefinitionsEngine } from './support/definitions-engine.mjs';

const KEY = 'microservice-delivery';
const MODEL = at('engine-plugin/demo/src/main/resources/processes/microservice-delivery.bpmn');
const PUBLISH_KEY = randomBytes(32).toString('hex');
const [REVIEW, GENERATE] = ['review-requirements', 'generate-service'];

test('Who looks after the place sees tokens move and failures come and go on a diagram, and has them tried again', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'operations-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const engine = await startDefinitionsEngine({
    key: KEY,
    xml: await readFile(MODEL, 'utf8'),
    onRetry: (incidentId) => publish('process:error-resolved', { incidentId }),
  });
  onTestFinished(() => engine.end());
  await buildApp();
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: {
      PORT: '0',
      DATA_DIR: folder,
      JWT_SECRET: randomBytes(32).toString('hex'),
      PUBLISH_KEY,
      USERS: JSON.stringify([
        { user: 'alice', password: 'of a test', roles: ['operations'] },
        { user: 'bob', password: 'of a test' },
      ]),
      CAMUNDA_URL: engine.url,
      CAMUNDA_CAPTURE: 'plugin',
      TASK_EVENTS: 'off',
      APP_DIR,
    },
  });
  onTestFinished(() => gateway.stop());

  async function publish(type, data) {
    const answer = await fetch(`${gateway.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ specversion: '1.0', source: 'test', id: randomUUID(), type, data }),
    });
    expect(answer.status).toBe(201);
  }
  const of = (processInstanceId) => ({
    processInstanceId,
    processDefinitionKey: KEY,
    processDefinitionId: `${KEY}:1`,
  });
  const reaches = (instance, activityId, activityType = 'userTask') =>
    publish('activity:started', {
      ...of(instance),
      activityInstanceId: `${instance}/${activityId}`,
      activityId,
      activityName: activityId === REVIEW ? 'Review the requirements' : 'Generate the service',
      activityType,
    });
  const leaves = (instance, activityId) =>
    publish('activity:completed', {
      ...of(instance),
      activityInstanceId: `${instance}/${activityId}`,
      activityId,
    });

  for (const instance of ['p1', 'p2']) {
    await publish('process:started', { ...of(instance), businessKey: `order-${instance}` });
    await reaches(instance, REVIEW);
  }

  const browser = await startBrowser();
  onTestFinished(() => browser.close());
  const complaints = [];
  const enter = async (who) =>
    openScreen(await browser.newContext(), {
      who,
      url: `${gateway.url}/#/operations`,
      password: 'of a test',
      prepare: async (page) => {
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text());
        });
      },
    });
  const alice = await enter('alice');
  const { page } = alice;
  const sees = (what) => alice.sees(what, what);

  await sees('[data-testid=counts][data-instances="2"][data-incidents="0"]');
  // There is one, so it is shown at once.
  await sees('h1:focus:has-text("Order delivery")');
  const diagram = '[data-testid=operations-definition] [data-testid=diagram]';
  await sees(`${diagram} [data-drawn=true]`);
  const badge = (element, count) =>
    sees(
      `${diagram} .djs-overlays[data-container-id="${element}"] [data-testid=token-badge][data-count="${count}"]`,
    );
  await badge(REVIEW, 2);
  // The mark of who has made the viewer stays in view.
  expect(await page.locator(`${diagram} .bjs-powered-by`).isVisible()).toBe(true);

  await leaves('p1', REVIEW);
  await reaches('p1', GENERATE, 'serviceTask');
  await badge(REVIEW, 1);
  await badge(GENERATE, 1);
  await sees(`${diagram} .nb-diagram-running[data-element-id="${GENERATE}"]`);

  await publish('process:error', {
    ...of('p1'),
    incidentId: 'i1',
    incidentType: 'failedJob',
    activityId: GENERATE,
    message: 'The generator is out of order.',
  });
  await sees(`${diagram} .nb-diagram-failed[data-element-id="${GENERATE}"]`);
  await sees('[data-testid=counts][data-instances="2"][data-incidents="1"]');
  await page.getByTestId('incident-badge').focus();
  await sees('[data-testid=diagram-failures]:has-text("The generator is out of order.")');
  await page.keyboard.press('Escape');
  await page.getByTestId('diagram-failures').waitFor({ state: 'detached' });
  await sees(`[data-testid=standing] li[data-element="${GENERATE}"][data-incidents="1"]`);

  // The keyboard reaches the diagram, and makes it larger.
  const frame = page.locator(`${diagram} [data-drawn]`);
  const widthOf = async () =>
    (await page.locator(`${diagram} [data-element-id="${REVIEW}"]`).boundingBox()).width;
  const before = await widthOf();
  await frame.focus();
  await page.keyboard.press('+');
  await expect.poll(widthOf).toBeGreaterThan(before);
  await page.keyboard.press('0');
  await expect.poll(widthOf).toBeCloseTo(before, 0);

  // What the engine refuses is said in words; the next try, of all that has failed, goes through.
  engine.faults.push({ type: 'ProcessEngineException', message: 'The job is suspended.' });
  await page.getByTestId('retry').click();
  await sees('[data-testid=retry-refusal][data-code=engine_refused]');
  await publish('process:error', { ...of('p2'), incidentId: 'i2', activityId: REVIEW });
  await page.getByTestId('retry-all').click();
  await page.locator('[data-testid=incident]').nth(1).waitFor({ state: 'detached' });
  await page.getByTestId('incident').waitFor({ state: 'detached' });
  await sees('[data-testid=counts][data-instances="2"][data-incidents="0"]');
  await page.getByTestId('incident-badge').waitFor({ state: 'detached' });

  // What stands at a step of an older version is not lost.
  await reaches('p2', 'step-of-before');
  await sees('[data-testid=diagram-elsewhere]:has-text("Generate the service")');
  await leaves('p2', 'step-of-before');

  // On a phone, too, all of the page can be reached.
  await page.setViewportSize({ width: 390, height: 700 });
  await page.mouse.move(195, 300);
  await page.mouse.wheel(0, 5000);
  await expect.poll(async () => (await page.getByTestId('instances').boundingBox()).y).toBeLessThan(700);
  await page.setViewportSize({ width: 1280, height: 720 });

  // By what runs at a step people find its instances, and by an instance where it has been.
  await page.getByRole('button', { name: /Show what is at “Generate the service”/ }).click();
  await page.locator('[data-testid=instance]').nth(1).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Diagram of order-p1' }).click();
  await sees(`${diagram} .nb-diagram-done[data-element-id="${REVIEW}"]`);
  await sees(`${diagram} .nb-diagram-running[data-element-id="${GENERATE}"]`);

  // A policy that lets no page run what it has not brought with it does not hold for the test itself.
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(() => window.axe.run('[data-testid=operations]'));
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  expect(engine.asked.filter((one) => one.endsWith('/xml'))).toHaveLength(1);

  const bob = await enter('bob');
  await bob.sees('that there is nothing for him', '[data-testid=operations-empty]:has-text("operations")');
  await bob.page.evaluate((key) => {
    location.hash = `#/operations/${key}`;
  }, KEY);
  await bob.sees('that this is not for him', '[data-testid=operations-refused]');
  expect(bob.crashes.concat(alice.crashes)).toEqual([]);
  // Only that bob may not: no policy of the page was in the way.
  expect(complaints.filter((one) => !/status of 403/.test(one))).toEqual([]);
});
