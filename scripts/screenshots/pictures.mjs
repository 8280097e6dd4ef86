import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { show, signIn } from '../smoke/screen.mjs';
import { FORM_TASK, NOW, SHOWN } from './world.mjs';

/** A phone, a tablet and a desk. */
const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
];

const SCHEMES = ['light', 'dark'];

/** What is on each picture, and how one comes there. */
const PAGES = {
  login: { hash: '', isOutside: true, ready: '[data-testid=login-submit]' },
  work: { hash: '#/', ready: '[data-testid=task-card]' },
  execution: { hash: `#/execution/${SHOWN}`, ready: '[data-testid=chat][data-status=live]' },
  form: {
    hash: '#/execution/customer-portal',
    ready: '[data-testid=chat][data-status=live]',
    async act(page) {
      await show(page, 'tasks');
      const card = page.locator(`[data-task-id=${FORM_TASK}]`);
      await card.getByTestId('task-complete').click();
      await page.getByTestId('form-submit').click();
      await page.locator('[data-testid^=form-fault]').first().waitFor();
    },
  },
  diagram: {
    hash: `#/execution/${SHOWN}`,
    ready: '[data-testid=chat][data-status=live]',
    act: (page) => show(page, 'diagram'),
  },
  workstreams: { hash: '#/workstreams', ready: '[data-testid=execution-link]' },
  operations: { hash: '#/operations', ready: '[data-testid=connection-status][data-state=live]' },
  definition: {
    hash: '#/operations/microservice-delivery',
    ready: '[data-testid=connection-status][data-state=live]',
  },
};

/** The names of all pictures: `work-390-dark`. */
export const PICTURES = Object.keys(PAGES).flatMap((page) =>
  SIZES.flatMap(({ width }) => SCHEMES.map((scheme) => `${page}-${width}-${scheme}`)),
);

/**
 * Takes pictures of a stage's app, all at one time of one day.
 *
 * @param {{ pictures: Record<string, string>, told?: (name: string) => void }} options `pictures`: the file of each that
 *   is wanted
 */
export async function takePictures(stage, { pictures, told = () => {} }) {
  const window = await stage.browser.newContext({
    ...{ timezoneId: 'Europe/Berlin', locale: 'en-GB', reducedMotion: 'reduce' },
  });
  const page = await window.newPage();
  page.setDefaultTimeout(20_000);
  await page.clock.setFixedTime(NOW);
  let isInside = false;
  for (const [name, { hash, isOutside, ready, act }] of Object.entries(PAGES)) {
    for (const size of SIZES) {
      for (const colorScheme of SCHEMES) {
        const picture = `${name}-${size.width}-${colorScheme}`;
        if (!(picture in pictures)) continue;
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        // Each from the beginning: nothing is left of the picture before.
        await page.goto('about:blank');
        await page.goto(`${stage.url}/${hash}`);
        if (!isOutside && !isInside) {
          await signIn(page, 'alice', stage.password);
          isInside = true;
        }
        await page.locator(ready).first().waitFor();
        if (!isOutside) await page.locator('[data-testid=connection-status][data-state=live]').waitFor();
        await act?.(page);
        await settled(page);
        mkdirSync(path.dirname(pictures[picture]), { recursive: true });
        await page.screenshot({ path: pictures[picture], animations: 'disabled' });
        told(picture);
      }
    }
  }
  await window.close();
}

/** Until what is loaded later is there, and nothing changes any more. */
async function settled(page) {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.evaluate(async () => {
    await document.fonts.ready;
    let last = '';
    for (let same = 0; same < 10; ) {
      await new Promise((frame) => requestAnimationFrame(frame));
      const now = document.body.innerHTML;
      same = now === last ? same + 1 : 0;
      last = now;
    }
  });
}
