import { ensureChromium } from './chromium.mjs';
import { mustEnd } from './cleanup.mjs';

/** How it is started without a screen; root has no sandbox, and small machines little shared memory. */
const ARGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--mute-audio',
  // Two windows, and only one can have the focus: neither may be slowed down for that.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Starts a browser without a window; it ends with the script. */
export async function startBrowser() {
  const executablePath = await ensureChromium();
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath,
    args: ARGS,
    // Signals are ours: the browser is one of several things that end in order.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const forget = mustEnd({ name: 'browser', stop: () => browser.close(), kill() {} });
  browser.on('disconnected', forget);
  return browser;
}
