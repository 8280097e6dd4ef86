import { readdirSync, readFileSync } from 'node:fs';
import { at, CACHE } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';

/** Where packages are staged and packed. */
export const STAGE = `${CACHE}/pack`;

/** Each package that is published: its folder's name and its package.json. */
export function publishable() {
  return readdirSync(at('packages'))
    .sort()
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(at('packages', folder, 'package.json'), 'utf8')),
    }))
    .filter(({ manifest }) => manifest.private !== true);
}

/**
 * The packages of these folders, and those that they stand on.
 * @throws {Problem} where a folder has no package that is published
 */
export function withNeeded(folders) {
  const all = publishable();
  const wanted = new Set();
  const want = (one) => {
    if (wanted.has(one)) return;
    wanted.add(one);
    for (const other of all) if (one.manifest.dependencies?.[other.manifest.name]) want(other);
  };
  for (const folder of folders) {
    const found = all.find((one) => one.folder === folder);
    if (!found)
      throw new Problem(
        `There is no package ${folder}; there are ${all.map((one) => one.folder).join(', ')}.`,
      );
    want(found);
  }
  return all.filter((one) => wanted.has(one));
}

/** Where a package is staged. */
export const stageOf = (folder, stage = STAGE) => `${stage}/${folder}`;

/** The tarball of a package, named as npm names it. */
export const tarball = ({ name, version }) => `${STAGE}/${name.slice(1).replace('/', '-')}-${version}.tgz`;
