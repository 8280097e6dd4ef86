import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, CACHE } from './paths.mjs';

/** Folders that hold results, never sources. */
const RESULTS = new Set(['node_modules', 'dist', 'target', 'coverage', 'test']);

/** Every file below these paths (from the root), in a fixed order. */
export function filesBelow(paths, skip = RESULTS) {
  return paths.flatMap((name) => {
    const full = at(name);
    if (!existsSync(full)) return [];
    if (!statSync(full).isDirectory()) return [name];
    const entries = readdirSync(full)
      .sort()
      .filter((entry) => !skip.has(entry));
    return filesBelow(
      entries.map((entry) => path.join(name, entry)),
      skip,
    );
  });
}

/** A digest of the content of files; times lie after a checkout, contents do not. */
function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const file of filesBelow(paths))
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  return hash.digest('hex');
}

/**
 * Makes something from sources, unless what is there was made from the same ones. Of several processes that want it at
 * once one makes it, and the others wait.
 *
 * @param {string} name of the stamp
 * @param {string} output that has to exist
 * @param {string[]} sources files and folders, from the root
 * @param {() => Promise<unknown>} make
 */
export async function makeOnce(name, output, sources, make) {
  const stamp = path.join(CACHE, `${name}.sha256`);
  const now = fingerprint(sources);
  const isMade = () => existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
  if (isMade()) return;
  mkdirSync(CACHE, { recursive: true });
  const release = await turnAt(path.join(CACHE, `${name}.lock`));
  try {
    if (isMade()) return;
    await make();
    writeFileSync(stamp, now);
  } finally {
    release();
  }
}

/** Waits until nobody else has this file, or who had it has ended; it is ours until it is released. */
async function turnAt(file) {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (hasEnded(file)) rmSync(file, { force: true });
    else await sleep(100);
  }
}

function hasEnded(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
