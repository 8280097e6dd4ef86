import { startBrowser } from '../../scripts/lib/browser.mjs';
import { openScreen } from '../../scripts/smoke/screen.mjs';
import { noteArrivals } from './arrivals.mjs';

/** How long a line may take to appear, in milliseconds. */
const PATIENCE = 10_000;

/** Opens the app as a person would, and tells when a line has appeared on it. */
export async function openWatcher({ url, password }) {
  const browser = await startBrowser();
  const seen = new Set();
  let hear = () => {};
  const screen = await openScreen(await browser.newContext({ viewport: { width: 1280, height: 860 } }), {
    who: 'alice',
    url,
    password,
    async prepare(page) {
      await page.exposeFunction('heard', (id) => {
        seen.add(id);
        hear();
      });
      await page.addInitScript(noteArrivals);
    },
  });
  return {
    watch: (executionId) => screen.watch(executionId),
    /** Until an event of this fact is on the screen. */
    async untilShown(key) {
      const isShown = () => [...seen].some((id) => id.startsWith(key));
      await new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${key} did not appear within ${PATIENCE / 1000} s`)),
          PATIENCE,
        );
        hear = () => {
          if (!isShown()) return;
          clearTimeout(timer);
          resolve();
        };
        hear();
      });
      seen.clear();
    },
    /** Everything that appeared, and when frames came in. */
    async record() {
      const { lines } = await screen.record();
      return { lines, arrived: await screen.page.evaluate(() => window.arrivals) };
    },
    close: () => browser.close(),
  };
}
