import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { APP_DIR } from '../scripts/lib/paths.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { AUDIENCE, startOpenIdProvider } from './support/openid-provider.mjs';

/** Seconds that an access token lives: a person's hour, in short. Its last quarter is the time in which the next one must come. */
const LIFE = 12;

/** Milliseconds between two messages, while tokens come and go. */
const SAID_EVERY = 250;

const KEY = 'a-publish-key-for-tests';

let dir;
let provider;
let gateway;
let browser;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'login-'));
  const port = await freePort();
  const app = `http://127.0.0.1:${port}/`;
  provider = await startOpenIdProvider({ redirectUris: [app], accessTokenLife: LIFE });
  const { issuer } = provider;
  const claims = { domain: 'tenant' };
  gateway = await startGateway({
    log: path.join(dir, 'gateway.log'),
    env: {
      PORT: String(port),
      DATA_DIR: path.join(dir, 'gateway'),
      PUBLISH_KEY: KEY,
      APP_DIR,
      ISSUERS: JSON.stringify([
        { issuer, audience: AUDIENCE, domains: ['default'], clockTolerance: 0, claims },
      ]),
      LOGIN_ISSUER: issuer,
      LOGIN_CLIENT_ID: 'workstream',
    },
  });
  browser = await startBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await provider?.close();
  await rm(dir, { recursive: true, force: true });
});

/** A window of somebody who was never here; `seen` is what it has asked for so far. */
async function openWindow() {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seen = { sockets: 0, renewals: 0, faults: [] };
  page.on('websocket', () => seen.sockets++);
  page.on('pageerror', (error) => seen.faults.push(error.message));
  page.on('console', (message) => {
    // What the content security policy forbids is said here.
    if (message.type() === 'error' && /Content Security Policy|CORS/.test(message.text()))
      seen.faults.push(message.text());
  });
  page.on('request', (request) => {
    if (request.postData()?.includes('grant_type=refresh_token')) seen.renewals++;
  });
  return { context, page, seen };
}

let events = 0;

async function publish(type, data) {
  const answer = await fetch(`${gateway.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ specversion: '1.0', id: `${++events}`, source: 'test', type, data }),
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
}

/** Logs in on the provider's own pages. */
async function logInAt(page, user) {
  await page.locator('input[name=login]').fill(user);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  // What the app may have is agreed to.
  await page.getByRole('button', { name: 'Continue' }).click();
}

const untilLive = (page) => page.locator('[data-testid=connection-status][data-state=live]').waitFor();

test('a person logs in at the provider, stays while tokens come and go, and logs out there too', {
  timeout: 120_000,
}, async () => {
  await publish('execution:created', { executionId: 'e1', title: 'Tokens', participants: ['alice', 'bob'] });
  const { context, page, seen } = await openWindow();
  await page.goto(`${gateway.url}/#/execution/e1`);
  await page.getByTestId('login-openid').click();
  await logInAt(page, 'alice');
  await untilLive(page);
  // Back where they wanted to go, and the address has nothing of the journey.
  expect(page.url()).toBe(`${gateway.url}/#/execution/e1`);
  expect(await page.getByTestId('user-name').textContent()).toBe('alice');

  // Each token has taken the place of the one before, on the one connection, and what was said meanwhile is there.
  const said = [];
  while (seen.renewals < 2) {
    said.push(`Number ${said.length + 1}.`);
    const message = { messageId: `m-${said.length}`, executionId: 'e1', userId: 'bob' };
    await publish('message:new', { ...message, content: said.at(-1) });
    await new Promise((resolve) => setTimeout(resolve, SAID_EVERY));
  }
  const texts = page.locator('[data-testid=timeline-line][data-event-type="message:new"] .nb-message-text');
  await expect.poll(() => texts.allTextContents()).toEqual(said);
  await untilLive(page);
  expect(seen.sockets).toBe(1);

  await page.reload();
  await untilLive(page);
  expect(await page.getByTestId('user-name').textContent()).toBe('alice');

  await page.getByTestId('account-open').click();
  await page.getByTestId('sign-out').click();
  await page.getByRole('button', { name: /sign me out/ }).click();
  await page.getByTestId('login-openid').waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  // The provider has forgotten them as well: it asks who they are.
  await page.getByTestId('login-openid').click();
  await page.locator('input[name=login]').waitFor();
  expect(seen.faults).toEqual([]);
  await context.close();
});

test('who comes with the answer to a question that nobody asked is not signed in', {
  timeout: 60_000,
}, async () => {
  const { context, page, seen } = await openWindow();
  await page.goto(`${gateway.url}/?code=somebody-elses&state=made-up`);
  expect(await page.getByTestId('login-farewell').textContent()).toContain('not signed in');
  expect(page.url()).toBe(`${gateway.url}/`);
  expect(seen.faults).toEqual([]);
  await context.close();
});
