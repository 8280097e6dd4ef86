import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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
 * Makes something from sources, unless what is there was made from the same ones.
 *
 * @param {string} name of the stamp
 * @param {string} output that has to exist
 * @param {string[]} sources files and folders, from the root
 * @param {() => Promise<unknown>} make
 */
export async function makeOnce(name, output, sources, make) {
  const stamp = path.join(CACHE, `${name}.sha256`);
  const now = fingerprint(sources);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  await make();
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(stamp, now);
}
