import { existsSync } from 'node:fs';
import { installPackages } from './debian.mjs';
import { Problem } from './problem.mjs';

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** The browser on this machine: the one that `CHROMIUM` names, or one in a usual place. */
function findChromium() {
  const named = process.env.CHROMIUM;
  if (named && !existsSync(named)) throw new Problem(`CHROMIUM names ${named}, and there is no such file.`);
  return named || KNOWN.find((file) => existsSync(file));
}

/** The browser's path; installs it where it is missing. The fonts are for screenshots. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  await installPackages('Chromium', 'chromium', 'fonts-liberation');
  return findChromium();
}
