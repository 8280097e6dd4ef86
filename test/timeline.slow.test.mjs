import { readFile } from 'node:fs/promises';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execution, message } from '../packages/client/test/helpers/happenings.ts';
import { ScriptedServer } from '../packages/client/test/helpers/scripted-server.ts';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { at } from '../scripts/lib/paths.mjs';

const COUNT = 10_000;

/** Pixels by frame: a page and more in a tenth of a second, faster than anybody reads. */
const STEP = 150;

let server;
let browser;
let page;

/** What people write: mostly a few words, sometimes a lot, sometimes with marks. */
const said = (n) =>
  `said ${n} ${n % 7 === 0 ? 'with **marks** and a [link](https://example.com) ' : ''}${'and more of it, '.repeat((n * 13) % 23)}`;

beforeAll(async () => {
  server = await new ScriptedServer().listen();
  server.historySize = 2500;
  server.append(execution(), ...Array.from({ length: COUNT }, (_, n) => message(`m${n}`, said(n))));
  const bundle = await rolldown({
    input: at('packages/react/test/helpers/timeline-page.tsx'),
    platform: 'browser',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  const files = new Map(output.map(({ fileName, code }) => [`/page/${fileName}`, code]));
  const css = (
    await Promise.all(['theme', 'chat'].map((name) => readFile(at(`packages/react/src/${name}.css`), 'utf8')))
  ).join('');
  const html = `<!doctype html><html lang="en"><title>A chat</title><style>${css} body { margin: 0; height: 100vh; font-family: sans-serif }
    #root { height: 100% }</style><main id="root"></main><script type="module" src="/page/timeline-page.js"></script></html>`;
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  page.setDefaultTimeout(20_000);
  await page.route('**/page/**', (route) => {
    const { pathname } = new URL(route.request().url());
    const code = files.get(pathname);
    return route.fulfill(
      code === undefined
        ? { body: html, contentType: 'text/html' }
        : { body: code, contentType: 'text/javascript' },
    );
  });
  await page.goto(`${server.url}/page/`);
  await page.locator('[data-testid=chat][data-status=live]').waitFor();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('10,000 messages scroll without a long frame, few of them are drawn, and the reader never sees a gap', async () => {
  await page.evaluate(() => document.querySelector('[role=log]').scrollTo(0, 0));
  const more = page.getByTestId('load-earlier');
  for (let pages = 0; pages < 8 && (await more.isVisible()); pages++) {
    await more.click();
    await page.waitForFunction(
      () => document.querySelector('[data-testid=load-earlier]')?.getAttribute('aria-disabled') !== 'true',
    );
    await page.evaluate(() => document.querySelector('[role=log]').scrollTo(0, 0));
  }
  const measured = await page.evaluate(async (step) => {
    const box = document.querySelector('[role=log]');
    const frame = () => new Promise(requestAnimationFrame);
    const frames = [];
    let [most, gaps, last] = [0, 0, await frame()];
    for (let i = 0; i < 200; i++) {
      box.scrollTop += step;
      const now = await frame();
      if (i > 10) frames.push(now - last);
      last = now;
      most = Math.max(most, document.querySelectorAll('[data-event-id]').length);
      const edge = box.getBoundingClientRect();
      for (const gap of document.querySelectorAll('[data-gap]')) {
        const { top, bottom } = gap.getBoundingClientRect();
        if (bottom > edge.top && top < edge.bottom) gaps++;
      }
    }
    frames.sort((a, b) => a - b);
    return {
      most,
      gaps,
      middle: frames[Math.floor(frames.length / 2)],
      late: frames.filter((time) => time > 100).length,
      height: box.scrollHeight,
    };
  }, STEP);
  console.info(
    `${COUNT} messages: at most ${measured.most} lines drawn, frames of ${Math.round(measured.middle)} ms, ${measured.late} of them late`,
  );
  expect(measured.height).toBeGreaterThan(COUNT * 30);
  expect(measured.most).toBeLessThan(400);
  expect(measured.gaps).toBe(0);
  // Not 16 ms, and not all of them: a machine that is busy with other tests draws when it can.
  expect(measured.middle).toBeLessThan(50);
  expect(measured.late).toBeLessThan(20);
}, 60_000);

test('who goes up by the wheel is moved by just that, though lines are higher than their gaps; who drags is there at once', async () => {
  const { moves, afterDrag } = await page.evaluate(async (step) => {
    const box = document.querySelector('[role=log]');
    const frame = () => new Promise(requestAnimationFrame);
    const top = (line) => line.getBoundingClientRect().top;
    const gapsSeen = () =>
      [...document.querySelectorAll('[data-gap]')].filter((gap) => {
        const { top, bottom } = gap.getBoundingClientRect();
        return bottom > box.getBoundingClientRect().top && top < box.getBoundingClientRect().bottom;
      }).length;
    // Into what was never seen.
    box.scrollTop = box.scrollHeight * 0.6;
    await frame();
    await frame();
    const afterDrag = gapsSeen();
    const moves = new Set();
    for (let i = 0; i < 100; i++) {
      const line = [...document.querySelectorAll('[data-event-id]')].find(
        (one) => top(one) > box.getBoundingClientRect().top,
      );
      const before = top(line);
      box.scrollTop -= step;
      await frame();
      await frame();
      moves.add(Math.round(top(line) - before));
    }
    return { moves: [...moves], afterDrag };
  }, STEP);
  expect(afterDrag).toBe(0);
  expect(moves.filter((moved) => Math.abs(moved - STEP) > 1)).toEqual([]);
}, 60_000);

test('the keyboard goes through all of it, and who has gone to the end stays with it', async () => {
  await page.getByRole('log').focus();
  await page.keyboard.press('Home');
  await page.getByText('This is where it begins.').waitFor();
  await page.keyboard.press('End');
  const toEnd = () =>
    page.getByRole('log').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  await expect.poll(toEnd, { timeout: 20_000 }).toBeLessThan(2);
  server.append(message('new', 'the newest of all'));
  await page.getByText('the newest of all').first().waitFor();
  await expect.poll(toEnd).toBeLessThan(2);
}, 60_000);
