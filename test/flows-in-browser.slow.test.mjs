import { afterAll, beforeAll, test } from 'vitest';
import { createProvider } from '../scripts/demo/provider.mjs';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { signIn } from '../scripts/smoke/screen.mjs';
import { openStage } from '../scripts/stage/stage.mjs';
import { putToSleep } from './support/sleep.mjs';

/** Seconds that a token lives which is to end in the middle of the work. */
const SHORT_LIFE = 15;

/** A network that was silent for so many seconds is one that a client asks after; the page is asleep for longer. */
const SLEEP = 11_000;

/** Who was away for long tries again after 30 seconds at the latest, and then comes back. */
const BACK = { timeout: 45_000 };

let stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(() => stage?.close());

const LINE = '[data-testid=timeline-line]';

/** What people have said, as it stands on a screen. */
const saidOn = ({ page }) =>
  page.locator(`${LINE}[data-event-type="message:new"] .nb-message-text`).allInnerTexts();

/** What somebody has said on this screen, and that is not there yet. */
const waitingOn = ({ page }) =>
  page.locator('[data-testid=unsent-line][data-state=pending] .nb-message-text').allInnerTexts();

/** What does not stand once, and in the order of the log. */
async function outOfOrder(screen) {
  const { order } = await screen.record();
  return order.filter((seq, i) => i > 0 && seq <= order[i - 1]);
}

/** Runs in the page: for how long it has not run, at most. */
function watchSleep() {
  window.longestSleep = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    window.longestSleep = Math.max(window.longestSleep, now - last);
    last = now;
  }, 100);
}

const statusOf = ({ page }) => page.getByTestId('connection-status').getAttribute('data-state');

/** Closes the windows; answers with what their pages threw. */
async function finish(...screens) {
  for (const screen of screens) await screen.close();
  return screens.flatMap(({ crashes }) => crashes);
}

test.concurrent('who is offline writes on, and all sides have the same story when they are back', {
  timeout: 120_000,
}, async ({ expect }) => {
  const id = await stage.execution('offline');
  const cable = await stage.cable();
  const [alice, bob] = await Promise.all([stage.screen('alice', { via: cable.url }), stage.screen('bob')]);
  await Promise.all([alice.visit(id), bob.visit(id)]);
  for (const task of ['hers', 'his', 'both'])
    await stage.engine.open({ id: task, name: task, execution: id, groups: ['developers'] });
  await bob.say('Before.');
  await alice.hears('Before.');

  const written = ['Written offline, 1.', 'Written offline, 2.', 'Written offline, 3.'];
  await cable.cut(0, async () => {
    await expect.poll(() => statusOf(alice), { timeout: 20_000 }).not.toBe('live');
    for (const task of ['hers', 'both']) await alice.press(task, 'task-claim');
    for (const task of ['his', 'both']) {
      await bob.press(task, 'task-claim');
      await bob.seesTask(task, '[data-assignee=bob]');
    }
    // What she does is shown at once, as what is not there yet.
    for (const task of ['hers', 'both']) await alice.seesTask(task, '[data-assignee=alice][data-pending]');
    for (const text of written) await alice.say(text);
    expect(await waitingOn(alice)).toEqual(written);
    for (const text of ['Meanwhile, 1.', 'Meanwhile, 2.']) {
      await bob.say(text);
      await bob.hears(text);
    }
    expect(await saidOn(bob)).toEqual(['Before.', 'Meanwhile, 1.', 'Meanwhile, 2.']);
  });
  const all = ['Before.', ...['Meanwhile, 1.', 'Meanwhile, 2.'], ...written];
  for (const screen of [alice, bob]) {
    await expect.poll(() => saidOn(screen), BACK).toEqual(all);
    await screen.untilLive();
    expect(await outOfOrder(screen)).toEqual([]);
    await screen.seesTask('hers', '[data-assignee=alice]');
    for (const task of ['his', 'both']) await screen.seesTask(task, '[data-assignee=bob]');
    expect(await waitingOn(screen)).toEqual([]);
    expect(await screen.page.locator('[data-testid=task-card][data-pending]').count()).toBe(0);
  }
  expect(await finish(alice, bob)).toEqual([]);
});

test.concurrent('a page that was asleep does not call itself live before it has caught up', {
  timeout: 120_000,
}, async ({ expect, onTestFinished }) => {
  const id = await stage.execution('asleep');
  const cable = await stage.cable();
  const browser = await startBrowser();
  onTestFinished(() => browser.close());
  const alice = await stage.screen('alice', {
    via: cable.url,
    within: browser,
    prepare: (page) => page.addInitScript(watchSleep),
  });
  await alice.visit(id);
  const wake = await putToSleep(browser);
  cable.silence();
  const missed = [1, 2, 3, 4, 5].map((n) => `While it slept, ${n}.`);
  for (const content of missed) await stage.command('bob', 'message:send', { executionId: id, content });
  await new Promise((resolve) => setTimeout(resolve, SLEEP));
  wake();

  await expect.poll(() => saidOn(alice), { timeout: 30_000 }).toEqual(missed);
  await alice.untilLive();
  expect(await outOfOrder(alice)).toEqual([]);
  await expect.poll(() => alice.page.evaluate(() => window.longestSleep)).toBeGreaterThan(SLEEP * 0.9);
  const { states, lines } = await alice.record();
  const shown = lines.filter(({ type }) => type === 'message:new').map(({ at }) => at);
  const woken = states.findLast(({ state }) => state !== 'live');
  // It said that it did not know, and that before anything of what it had missed was there.
  expect(woken?.at).toBeLessThanOrEqual(shown[0]);
  expect(states.at(-1)).toMatchObject({ state: 'live' });
  expect(states.at(-1).at).toBeGreaterThanOrEqual(shown.at(-1));
  expect(await finish(alice)).toEqual([]);
});

test.concurrent('where no WebSocket comes through, everything works by polling', {
  timeout: 120_000,
}, async ({ expect }) => {
  const id = await stage.execution('polling');
  const cable = await stage.cable({ refuseUpgrades: true });
  let frames = 0;
  let polls = 0;
  const prepare = async (page) => {
    page.on('websocket', (socket) => socket.on('framereceived', () => frames++));
    page.on('request', (request) => {
      if (request.url().includes('transport=polling')) polls++;
    });
  };
  const [alice, bob] = await Promise.all([
    stage.screen('alice', { via: cable.url, prepare }),
    stage.screen('bob'),
  ]);
  await Promise.all([alice.visit(id), bob.visit(id)]);
  await stage.engine.open({ id: 'polled', name: 'Polled', execution: id, groups: ['developers'] });
  await alice.seesTask('polled', '[data-assignee=""]');
  await alice.press('polled', 'task-claim');
  for (const screen of [alice, bob]) await screen.seesTask('polled', '[data-assignee=alice]');
  await alice.say('I have it.');
  await bob.hears('I have it.');
  await bob.say('Good.');
  await alice.hears('Good.');
  await alice.press('polled', 'task-complete');
  for (const screen of [alice, bob]) await screen.seesTask('polled', '[data-state=completed]');
  expect(frames).toBe(0);
  expect(polls).toBeGreaterThan(0);
  expect(await outOfOrder(alice)).toEqual([]);
  expect(await finish(alice, bob)).toEqual([]);
});

test.concurrent('what was tried in vain is undone on the screen, and it says why', {
  timeout: 120_000,
}, async ({ expect }) => {
  const id = await stage.execution('in-vain');
  const [alice, bob] = await Promise.all([stage.screen('alice'), stage.screen('bob')]);
  await Promise.all([alice.visit(id), bob.visit(id)]);
  await stage.engine.open({ id: 'wanted', name: 'Wanted', execution: id, groups: ['developers'] });
  await alice.seesTask('wanted', '[data-assignee=""]');
  const claim = stage.engine.hold(/wanted\/claim/);
  await alice.press('wanted', 'task-claim');
  await claim.met;
  // Shown before there is an answer, and only where it was asked for.
  await alice.seesTask('wanted', '[data-assignee=alice][data-pending]');
  await bob.seesTask('wanted', '[data-assignee=""]');
  claim.go('refuse');
  const why = await alice.sees('why not', '[data-testid=task-error][data-code=task_taken]');
  expect(await why.textContent()).toContain('faster');
  await alice.seesTask('wanted', '[data-assignee=""]');
  expect(await finish(alice, bob)).toEqual([]);
});

test.concurrent('each tab has one socket through all its pages; addresses and the way back lead where they say', {
  timeout: 120_000,
}, async ({ expect }) => {
  const id = await stage.execution('tabs', 'Two tabs');
  const sockets = [0, 0];
  const alice = await stage.screen('alice', {
    prepare: async (page) => {
      page.on('websocket', () => sockets[0]++);
    },
  });
  const { page } = alice;
  await page.getByTestId('execution-link').filter({ hasText: 'Two tabs' }).click();
  await alice.sees('the execution', `[data-testid=execution][data-execution-id=${id}]`);
  await page.goBack();
  await alice.sees('her work', '[data-testid=tasks-mine]');
  await page.goForward();
  await alice.sees('the execution live', '[data-testid=chat][data-status=live]');

  // A link that somebody has sent, in a tab of its own: first she says who she is.
  const other = await page.context().newPage();
  other.on('websocket', () => sockets[1]++);
  await other.goto(`${stage.url}/#/execution/${id}`);
  await signIn(other, 'alice', stage.password);
  await other.locator('[data-testid=chat][data-status=live]').waitFor();
  expect(await other.getByTestId('execution-title').textContent()).toBe('Two tabs');
  await stage.command('bob', 'message:send', { executionId: id, content: 'To both.' });
  await alice.hears('To both.');
  await other.locator(`${LINE}:has-text("To both.")`).waitFor();
  await other.reload();
  await other.locator(`${LINE}:has-text("To both.")`).waitFor();
  // The second one's reload is a page of its own.
  expect(sockets).toEqual([1, 2]);
  expect(await finish(alice)).toEqual([]);
});

test.concurrent('a login that ends in the middle asks for the next, and what was begun is still there', {
  timeout: 120_000,
}, async ({ expect }) => {
  const id = await stage.execution('expiring');
  await stage.engine.open({ id: 'long', name: 'Long', execution: id, assignee: 'alice', form: FORM });
  const prepare = async (page) => {
    // The login gives a token that soon ends.
    await page.route('**/login', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      const who = { user: 'alice', domain: 'default', groups: ['developers', 'leads'] };
      const token = tokenOf(stage.jwtSecret, { ...who, life: SHORT_LIFE });
      await route.fulfill({
        json: { token, userId: 'alice', groups: who.groups, expiresIn: SHORT_LIFE },
      });
    });
  };
  const alice = await stage.screen('alice', { prepare });
  const { page } = alice;
  await alice.visit(id);
  await alice.press('long', 'task-complete');
  await alice.fillIn('requirements', 'Half a sentence');
  await page.getByTestId('login-farewell').waitFor({ timeout: 2 * SHORT_LIFE * 1000 });
  await page.unroute('**/login');
  await stage.command('bob', 'message:send', { executionId: id, content: 'Said meanwhile.' });
  await signIn(page, 'alice', stage.password);

  await alice.sees('the execution live', '[data-testid=chat][data-status=live]');
  await alice.hears('Said meanwhile.');
  await alice.press('long', 'task-complete');
  const field = page.getByLabel(/^Requirements/);
  await expect.poll(() => field.inputValue()).toBe('Half a sentence');
  expect(await finish(alice)).toEqual([]);
});

test.concurrent('two people work through forms, approvals, agents and payments, and each sees what the other did', {
  timeout: 120_000,
}, async ({ expect }) => {
  const id = await stage.execution('together');
  const [alice, bob] = await Promise.all([stage.screen('alice'), stage.screen('bob')]);
  await Promise.all([alice.visit(id), bob.visit(id)]);
  const both = (act) => Promise.all([alice, bob].map(act));

  // A form: bob forgets something, and is told what; alice sees who has submitted it.
  await stage.engine.open({
    id: 'review',
    name: 'Review',
    execution: id,
    groups: ['developers'],
    form: FORM,
  });
  await both((screen) => screen.seesTask('review', '[data-assignee=""]'));
  await bob.press('review', 'task-claim');
  await both((screen) => screen.seesTask('review', '[data-assignee=bob]'));
  await bob.press('review', 'task-complete');
  await bob.press('review', 'form-submit');
  await bob.sees('what he forgot', '[data-testid=form-fault-requirements]');
  await bob.fillIn('requirements', 'By email.');
  await bob.press('review', 'form-submit');
  await both((screen) => screen.seesTask('review', '[data-state=completed]'));
  await alice.sees('who has submitted it', '[data-event-type="form:submitted"]:has-text("bob")');

  // An approval: alice rejects it and says why.
  const approval = { approval: true, approvalReasonRequired: true, groups: ['leads'], execution: id };
  await stage.engine.open({ id: 'release', name: 'Release', ...approval });
  await both((screen) => screen.seesTask('release', '[data-assignee=""]'));
  await alice.press('release', 'task-reject');
  await alice.page.getByTestId('task-reject-reason').fill('Not on a Friday.');
  await alice.press('release', 'task-reject-confirm');
  await both((screen) => screen.seesTask('release', '[data-state=completed]'));
  const decided = await bob.sees('her decision', `${LINE}[data-event-type="approval:completed"]`);
  expect(await decided.textContent()).toContain('alice');
  expect(await decided.textContent()).toContain('Not on a Friday.');

  // An agent: bob stops it; it says that it has stopped, and alice has it try again.
  const run = { agentId: 'run-1', agent: 'summarise', executionId: id };
  await stage.publish('agent:thinking', { ...run, ttl: 60_000 });
  await both((screen) => screen.seesEvent('agent:thinking'));
  await bob.act(/^Stop: .*summarise/);
  await both((screen) => screen.seesEvent('agent:stopping'));
  await stage.publish('agent:failed', { agentId: 'run-1', reason: 'stopped' });
  await both((screen) => screen.seesEvent('agent:failed'));
  await alice.act(/^Try again: .*summarise/);
  await both((screen) => screen.seesEvent('agent:retrying'));

  // A payment, as its provider signs it.
  const provider = createProvider(stage.webhook);
  const payment = { paymentId: 'p-together', amount: 1250, currency: 'EUR', executionId: id };
  await provider.say('initiated', payment);
  await provider.say('succeeded', payment);
  await both((screen) =>
    screen.sees('that it is paid', `${LINE}[data-event-type="payment:status"]:has-text("received")`),
  );
  expect(await both(outOfOrder)).toEqual([[], []]);
  expect(await finish(alice, bob)).toEqual([]);
});

test('the gateway is killed in the middle of a command: it is done once, and the screen says how it stands', {
  timeout: 120_000,
}, async ({ expect }) => {
  const id = await stage.execution('killed');
  const alice = await stage.screen('alice');
  await alice.visit(id);
  await stage.engine.open({ id: 'doubtful', name: 'Doubtful', execution: id, groups: ['developers'] });
  await alice.seesTask('doubtful', '[data-assignee=""]');
  const claim = stage.engine.hold(/doubtful\/claim/);
  await alice.press('doubtful', 'task-claim');
  await claim.met;
  await stage.kill();
  // The engine has done it, and its answer reaches nobody.
  claim.go();
  await expect.poll(() => statusOf(alice), { timeout: 20_000 }).not.toBe('live');
  await alice.say('Is it mine?');
  await stage.restart();

  await expect.poll(() => statusOf(alice), BACK).toBe('live');
  await alice.seesTask('doubtful', '[data-assignee=alice]');
  await alice.hears('Is it mine?');
  await alice.untilLive();
  expect(stage.engine.asked.filter((one) => one.includes('doubtful/claim'))).toHaveLength(1);
  expect(await saidOn(alice)).toEqual(['Is it mine?']);
  expect(await alice.page.getByTestId('task-error').count()).toBe(0);
  expect(await outOfOrder(alice)).toEqual([]);
  expect(await finish(alice)).toEqual([]);
});

const FORM = {
  id: 'review-form',
  type: 'default',
  schemaVersion: 16,
  components: [
    { type: 'textfield', id: 'f1', key: 'requirements', label: 'Requirements', validate: { required: true } },
  ],
};
