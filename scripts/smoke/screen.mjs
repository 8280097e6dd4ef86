import { Problem } from '../lib/problem.mjs';
import { observe } from './observer.mjs';

/** How long anything may take to show, in milliseconds; far more than it does. */
const PATIENCE = 20_000;

/** Opens the app in a window of its own and logs in; `prepare` may do something to the page before that. */
export async function openScreen(context, { who, url, password, prepare = async () => {} }) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const crashes = [];
  page.on('pageerror', (error) => crashes.push(`${who}'s page threw: ${error.message}`));
  await page.addInitScript(observe);
  await prepare(page);
  await page.goto(url);
  await signIn(page, who, password);
  const screen = createScreen(page, who, crashes);
  await screen.untilLive();
  return screen;
}

/** Says on the login page who is there. */
export async function signIn(page, who, password) {
  await page.getByTestId('login-user').fill(who);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
}

/** Brings a part of an execution into sight, where there is no room for all: `tasks`, `chat`, `diagram`. */
export async function show(page, part) {
  const tab = page.getByTestId(`tab-${part}`);
  if (await tab.isVisible()) await tab.click();
}

function createScreen(page, who, crashes) {
  /** Waits for something to be on the screen; what is missing is told in words. */
  const sees = async (what, selector) => {
    const found = page.locator(selector).first();
    await found.waitFor().catch((cause) => {
      throw new Problem(`${who} never saw ${what}.`, { cause });
    });
    return found;
  };
  const card = (key, more = '') => `[data-testid=task-card][data-task-key=${key}]${more}`;

  return {
    who,
    page,
    crashes,
    sees,
    untilLive: () => sees('the connection live', '[data-testid=connection-status][data-state=live]'),
    /** A task of this step of the process; `more`: further attributes. */
    seesTask: (key, more = '', within = '') =>
      sees(`the task ${key} ${more}`, `${within} ${card(key, more)}`),
    async lacksTask(key, within) {
      await page
        .locator(`${within} ${card(key)}`)
        .waitFor({ state: 'detached' })
        .catch((cause) => {
          throw new Problem(`${who} still has the task ${key} in ${within}.`, { cause });
        });
    },
    show: (part) => show(page, part),
    /** Presses one of a task's buttons. */
    press: (key, button) => page.locator(`${card(key)} [data-testid=${button}]`).click(),
    async assign(key, name) {
      await page.locator(`${card(key)} [data-testid=task-assign-open]`).click();
      await page.locator(`${card(key)} [data-testid=task-assign-name]`).fill(name);
      await page.locator(`${card(key)} [data-testid=task-assign]`).click();
    },
    /** Fills in a field of a form that is open. */
    fillIn: (field, text) =>
      page.locator(`[data-testid=task-form] [data-field=${field}] :is(input, textarea)`).fill(text),
    async say(text) {
      await page.getByTestId('composer-input').fill(text);
      await page.getByTestId('composer-send').click();
    },
    hears: (text) => sees(`the message "${text}"`, `[data-event-type="message:new"]:has-text("${text}")`),
    /** A line of this type of event. */
    seesEvent: (type) => sees(type, `[data-testid=timeline-line][data-event-type="${type}"]`),
    /** Presses what a line of the timeline offers, by its name: `Accept: Suggestion`. */
    act: (name) => page.getByRole('button', { name }).first().click(),
    /** Goes to an execution by its address. */
    async visit(executionId) {
      await page.evaluate((id) => {
        location.hash = `#/execution/${id}`;
      }, executionId);
      await sees('the execution live', '[data-testid=chat][data-status=live]');
    },
    /** Goes there and shows every step of it; returns since when it is live, by the wall clock. */
    async watch(executionId) {
      await this.visit(executionId);
      await page.getByTestId('detail-steps').check();
      return Date.now();
    },
    /** Everything that appeared, and the order in which the lines stand now. */
    record: () =>
      page.evaluate(() => ({
        lines: window.smoke.lines,
        turns: window.smoke.turns,
        cards: window.smoke.cards,
        states: window.smoke.states,
        order: [...document.querySelectorAll('[data-event-id]')].map((line) => Number(line.dataset.seq)),
      })),
  };
}
