import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { source as axe } from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { at, bin } from '../scripts/lib/paths.mjs';
import { run } from '../scripts/lib/processes.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Frames for which a long list is scrolled: at 60 a second, and 6,000 pixels in it, as fast as a wheel is turned. */
const FRAMES = 120;

let dir;
let gateway;
let browser;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'gallery-'));
  const app = path.join(dir, 'app');
  const built = run(bin('vite'), [
    ...['build', at('test/gallery'), '--base', './', '--outDir', app],
    ...['--assetsInlineLimit', '0', '--logLevel', 'warn'],
  ]);
  [browser] = await Promise.all([startBrowser(), built]);
  // It is served as the app is, under the same content security policy.
  gateway = await startGateway({
    log: path.join(dir, 'gateway.txt'),
    env: { PORT: '0', DATA_DIR: path.join(dir, 'data'), APP_DIR: app, JWT_SECRET: 'a'.repeat(64) },
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Opens the page; what it complains of is noted. */
async function open(query) {
  const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
  page.setDefaultTimeout(10_000);
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${gateway.url}/?${query}`);
  return {
    page,
    complaints,
    press: (...keys) =>
      keys.reduce((last, key) => last.then(() => page.keyboard.press(key)), Promise.resolve()),
  };
}

/** What axe finds, in a line each. */
async function findings(page) {
  // The page's policy allows no script of ours; a debugger is not asked.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), RULES);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

const focused = (page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return (
      activeElement.dataset.testid ??
      activeElement.closest('[data-subject]')?.dataset.subject ??
      activeElement.tagName
    );
  });

test.each(['theme=light', 'theme=dark&language=de'])(
  'axe finds nothing in all components in all states, nor does the content security policy: %s',
  async (query) => {
    const { page, complaints } = await open(query);
    await page.locator('[data-testid=task-form][data-state=open]').waitFor();
    await page.getByTestId('agent-text').waitFor();
    await page.getByTestId('form-submit').click();
    await page.getByTestId('form-fault-note').waitFor();
    await page.locator('[data-task-id=open] [data-testid=task-claim]').click();
    await page.locator('[data-task-id=open] [data-testid=task-error]').waitFor();
    await page.locator('[data-approval-id=mine] [data-testid=task-reject]').click();
    await page.locator('[data-task-id=mine] [data-testid=task-assign-open]').click();
    await page.getByTestId('task-assign-name').waitFor();
    expect(await findings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  },
  30_000,
);

test('the keyboard reaches all, and is never left without a place', async () => {
  const { page, press, complaints } = await open('theme=light');
  await page.locator('[data-testid=task-form][data-state=open]').waitFor();
  await page.locator('h1').waitFor();

  // Into the list, and from card to card.
  await press('Tab');
  expect(await focused(page)).toBe('task/open');
  await press('ArrowDown', 'ArrowDown');
  expect(await focused(page)).toBe('task/plain');
  await press('End');
  expect(await focused(page)).toBe('task/gone');
  await press('Home', 'Tab', 'Tab');
  expect(await focused(page)).toBe('task-claim');

  // What was refused is told at the card, and the message can be closed.
  await press('Enter');
  const alert = page.locator('[data-task-id=open] [data-testid=task-error]');
  await alert.waitFor();
  expect(await alert.textContent()).toBe('Somebody else was faster and has this task.');
  expect(await focused(page)).toBe('task-claim');
  await press('Tab', 'Tab', 'Enter');
  await alert.waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('task-card');

  // A name is chosen among those that fit what is typed; Escape goes back, first from the names, then from the field.
  const assign = page.locator('[data-task-id=mine] [data-testid=task-assign-open]');
  await assign.focus();
  await press('Enter');
  await page.getByTestId('task-assign-name').waitFor();
  await press('ArrowDown');
  await page.getByRole('option', { name: 'carol' }).waitFor();
  await page.keyboard.type('b');
  await expect.poll(() => page.getByRole('option').allTextContents()).toEqual(['bobob']);
  await press('ArrowDown', 'Enter');
  expect(await page.getByTestId('task-assign-name').inputValue()).toBe('bob');
  await press('Escape');
  await expect.poll(() => focused(page)).toBe('task-assign-open');

  // A reason.
  const reject = page.locator('[data-approval-id=mine] [data-testid=task-reject]');
  await reject.focus();
  await press('Enter');
  expect(await focused(page)).toBe('task-reject-reason');
  await press('Escape');
  await expect.poll(() => focused(page)).toBe('task-reject');

  // Who is here.
  await page.getByTestId('presence').focus();
  await press('Enter');
  await page.getByTestId('people').getByText('heidi').waitFor();
  expect(await findings(page)).toEqual([]);
  await press('Escape');
  await page.getByTestId('people').waitFor({ state: 'detached' });
  await expect.poll(() => focused(page)).toBe('presence');
  expect(complaints).toEqual([]);
  await page.close();
}, 30_000);

test('a press on Submit counts, though the last fault above it goes just then', async () => {
  const { page, complaints } = await open('theme=light');
  await page.setViewportSize({ width: 1500, height: 1600 });
  await page.locator('[data-testid=task-form][data-state=open]').waitFor();
  const submit = page.getByTestId('form-submit');
  await submit.click();
  await page.getByTestId('form-fault-note').waitFor();
  expect(await page.getByTestId('form-faults').textContent()).toBe('One field needs your attention.');
  await page.locator('[data-field=note] textarea').fill('Mended.');
  const { x, y, width, height } = await submit.boundingBox();
  await page.mouse.move(x + width / 2, y + height - 2);
  await page.mouse.down();
  await page.getByTestId('form-fault-note').waitFor({ state: 'detached' });
  await page.mouse.up();
  // It was sent, and refused, as everything is here.
  await page.getByTestId('form-error').waitFor();
  expect(complaints).toEqual([]);
  await page.close();
}, 30_000);

test('5,000 tasks scroll smoothly: few are drawn, and a frame costs less than a screen takes to show it', async () => {
  const { page, press } = await open('long');
  await page.getByTestId('task-card').first().waitFor();
  const session = await page.context().newCDPSession(page);
  // The page's own time, whatever else the machine is at.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value *
    1000;
  const before = await spent();
  const most = await page.evaluate(async (frames) => {
    const box = document.querySelector('.long');
    let most = 0;
    for (let i = 0; i < frames; i++) {
      box.scrollTop += 100;
      await new Promise(requestAnimationFrame);
      most = Math.max(most, document.querySelectorAll('[data-testid=task-card]').length);
    }
    return most;
  }, FRAMES);
  const each = (await spent()) - before;
  console.info(`5,000 tasks: at most ${most} drawn, ${(each / FRAMES).toFixed(1)} ms a frame of 100 pixels`);
  expect(most).toBeLessThan(40);
  expect(each / FRAMES).toBeLessThan(16);

  // The keyboard goes to the end and back, through what is not drawn.
  await page.locator('[data-subject="task/t0"]').evaluate((item) => item.closest('.long').scrollTo(0, 0));
  await page.locator('[data-index="0"]').focus();
  await press('End');
  await expect.poll(() => focused(page)).toBe('task/t4999');
  await expect.poll(() => page.locator('[data-subject="task/t4999"]').isVisible()).toBe(true);
  await press('Home');
  await expect.poll(() => focused(page)).toBe('task/t0');
  await page.close();
}, 30_000);
