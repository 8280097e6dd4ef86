import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../scripts/smoke/screen.mjs';
import { openStage } from '../scripts/stage/stage.mjs';

let stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(() => stage?.close());

const TASKS = 300;

/** Tasks that carol has given to somebody; what was made earlier stands above. */
const givenTo = (assignee, ids, created) =>
  stage.publishAll(
    ids.map((taskId) => [
      'task:created',
      { taskId, taskName: `Task ${taskId}`, created, assignee, by: 'carol', processInstanceId: 'p1' },
    ]),
  );

/** Runs in the page, in the place of the device's notifications: each is counted by a function of the test. */
function countNotifications() {
  window.Notification = class extends EventTarget {
    // All tabs of a place have one permission.
    static get permission() {
      return localStorage.getItem('permission') ?? 'default';
    }
    static async requestPermission() {
      localStorage.setItem('permission', 'granted');
      return 'granted';
    }
    constructor(_title, { tag }) {
      super();
      window.toldByDevice(tag);
    }
    close() {}
  };
  // A headless window has the focus always; one that somebody works beside has not.
  document.hasFocus = () => false;
}

test('a long list holds still under a pointer, and is found again where it was left, over a reload too', {
  timeout: 120_000,
}, async () => {
  await givenTo(
    'alice',
    Array.from({ length: TASKS }, (_, n) => `t${String(n).padStart(3, '0')}`),
    '2026-01-02T00:00:00Z',
  );
  const alice = await stage.screen('alice');
  const { page } = alice;
  const first = page.getByTestId('task-card').first();
  const place = () => first.evaluate((card) => [card.dataset.taskId, card.getBoundingClientRect().top]);
  await alice.sees('her first task', '[data-task-id=t000]');
  const before = await place();
  await first.hover();
  await first.hover({ position: { x: 20, y: 20 } });
  await givenTo('alice', ['n1', 'n2', 'n3'], '2026-01-01T00:00:00Z');
  const button = await alice.sees('that there is something new', '[data-testid=new-tasks]:has-text("3 new")');
  expect(await place()).toEqual(before);
  await button.click();
  await expect.poll(async () => (await place())[0]).toBe('n1');

  const list = page.getByTestId('task-list');
  await list.evaluate((box) => box.scrollTo(0, 6000));
  await expect.poll(() => page.evaluate(() => history.state.look?.scroll.tasks ?? 0)).toBeGreaterThan(5000);
  const seen = () => list.evaluate((box) => box.scrollTop);
  await page.evaluate(() => {
    location.hash = '#/workstreams';
  });
  await alice.sees('her workstreams', 'h1:has-text("Workstreams")');
  await page.goBack();
  await expect.poll(seen).toBeGreaterThan(5000);
  await page.reload();
  await expect.poll(seen).toBeGreaterThan(5000);
  await alice.close();
  expect(alice.crashes).toEqual([]);
});

test('of two tabs one tells what is new, once, and what is seen in one is seen in both', {
  timeout: 120_000,
}, async () => {
  const told = [];
  const bob = await stage.screen('bob', {
    prepare: async (page) => {
      await page.context().exposeFunction('toldByDevice', (tag) => void told.push(tag));
      await page.context().addInitScript(countNotifications);
    },
  });
  const other = await bob.page.context().newPage();
  await other.goto(`${stage.url}/#/workstreams`);
  await signIn(other, 'bob', stage.password);
  await other.locator('[data-testid=connection-status][data-state=live]').waitFor();
  await bob.page.evaluate(() => {
    location.hash = '#/workstreams';
  });
  await bob.page.getByTestId('notices-open').click();
  await bob.page.getByTestId('notify').click();
  // Both tabs go by what was chosen in one.
  await other.getByTestId('notices-open').click();
  await expect.poll(() => other.getByTestId('notify').isChecked()).toBe(true);
  await givenTo('bob', ['b1', 'b2'], '2026-01-01T00:00:00Z');
  for (const page of [bob.page, other])
    await expect.poll(() => page.getByTestId('notices-count').textContent()).toBe('2');
  await expect.poll(() => told.toSorted(), { timeout: 20_000 }).toEqual(['task/b1', 'task/b2']);
  await other.getByRole('button', { name: 'Mark all as seen' }).click();
  for (const page of [bob.page, other])
    await expect.poll(() => page.getByTestId('notices-count').count()).toBe(0);
  expect(await bob.page.title()).toBe('Workstreams · Workstream');
  expect(told).toHaveLength(2);
  await bob.close();
});
