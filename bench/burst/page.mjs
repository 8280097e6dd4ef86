import { signIn } from '../../scripts/smoke/screen.mjs';

const VIEWPORT = { width: 1440, height: 900 };

/** Opens a page of the app as alice, with something that watches it; it is back when `ready` is there. */
export async function openPage(stage, { hash, ready, watch }) {
  const window = await stage.browser.newContext({ viewport: VIEWPORT });
  const page = await window.newPage();
  page.setDefaultTimeout(120_000);
  if (watch) await page.addInitScript(watch);
  await page.goto(`${stage.url}/${hash}`);
  await signIn(page, 'alice', stage.password);
  await page.locator(ready).first().waitFor();
  return page;
}

/** A page of as many bare lines as the list that is measured, each with a text. */
export async function openBare(stage, texts) {
  const window = await stage.browser.newContext({ viewport: VIEWPORT });
  const page = await window.newPage();
  await page.setContent(`<ol>${texts.map((text) => `<li style="margin: 12px">${text}</li>`).join('')}</ol>`);
  return page;
}
