import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { buildApp } from '../scripts/lib/build.mjs';
import { APP_DIR } from '../scripts/lib/paths.mjs';
import { openScreen } from '../scripts/smoke/screen.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';

test('The app works within its content security policy, and no other page can reach what it can', {
  timeout: 180_000,
}, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'app-policy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await buildApp();
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: {
      PORT: '0',
      DATA_DIR: folder,
      JWT_SECRET: randomBytes(32).toString('hex'),
      USERS: JSON.stringify([{ user: 'alice', password: 'of a test' }]),
      APP_DIR,
    },
  });
  onTestFinished(() => gateway.stop());
  const browser = await startBrowser();
  onTestFinished(() => browser.close());
  const complaints = [];
  const screen = await openScreen(await browser.newContext(), {
    who: 'alice',
    url: gateway.url,
    password: 'of a test',
    prepare: async (page) => {
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) complaints.push(message.text());
      });
    },
  });
  expect([complaints, screen.crashes]).toEqual([[], []]);
  const { headers } = await fetch(gateway.url);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
  expect(headers.get('x-content-type-options')).toBe('nosniff');

  // What is not its own does not run in it, and nothing in it talks to somebody else.
  const blocked = await screen.page.evaluate(async () => {
    const found = [];
    const all = new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        if (found.push(effectiveDirective) === 3) resolve();
      });
    });
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.head.append(script);
    await fetch('http://127.0.0.1:9/').catch(() => {});
    try {
      new WebSocket('ws://127.0.0.1:9/');
    } catch {
      // As it is said.
    }
    await all;
    return { found, ran: window.ran };
  });
  expect(blocked.ran).toBeUndefined();
  expect(blocked.found).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src']));
  expect(blocked.found.filter((one) => one === 'connect-src').length).toBe(2);

  // A page of no origin of its own, which no policy of ours holds back, can not read an answer.
  const other = await (await browser.newContext()).newPage();
  const got = await other.evaluate(
    (url) =>
      fetch(`${url}/live`).then(
        ({ status }) => status,
        (error) => error.name,
      ),
    gateway.url,
  );
  expect(got).toBe('TypeError');
});
