import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { at } from '../../scripts/lib/paths.mjs';
import { run } from '../../scripts/lib/processes.mjs';
import { startService } from '../../scripts/stack/service.mjs';

/** The machine's own commands, without those that the project has installed for itself. */
const ownPath = () =>
  process.env.PATH.split(path.delimiter)
    .filter((folder) => !/node_modules[/\\]/.test(folder))
    .join(path.delimiter);

/** npm as on a developer's machine, with what it has downloaded before, and whatever this machine's settings are. */
export const npmSettings = async () => ({
  npm_config_cache: (await run('npm', ['config', 'get', 'cache'])).trim(),
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  PATH: ownPath(),
  NO_COLOR: '1',
  FORCE_COLOR: '0',
});

/** The commands that a page tells people to give, each as it stands there. */
export async function commandsOf(name) {
  const text = await readFile(at(name), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
}

/** Pieces of code that a page shows, each with the file that it says it is from. */
export async function piecesOf(name) {
  const text = await readFile(at(name), 'utf8');
  let file;
  const pieces = [];
  for (const [, named, code] of text.matchAll(/`(src\/[\w./-]+)`|^```tsx\n([\s\S]*?)^```$/gm)) {
    if (named) file = named;
    else pieces.push({ file, code });
  }
  return pieces;
}

/** Gives a command to a shell, and waits until what it starts says where it is. */
export async function serve(name, command, { cwd, env, log, ready }) {
  const options = { cwd, env, log: path.join(log, `${name}.txt`), ready, timeout: 400_000 };
  try {
    return await startService(name, 'sh', ['-ec', command], options);
  } catch (error) {
    // The folder goes with the test, and the reason with it.
    throw new Error(`${error.message}\n${error.tail}`);
  }
}

/** What a page shows, and what goes wrong there; a reload would show. */
export async function watch(browser, url) {
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  let loads = 0;
  page.on('load', () => loads++);
  await page.goto(url);
  return { page, faults, loads: () => loads };
}
