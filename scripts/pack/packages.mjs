import { readdirSync, readFileSync } from 'node:fs';
import { at, CACHE } from '../lib/paths.mjs';

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

/** Where a package is staged. */
export const stageOf = (folder) => `${STAGE}/${folder}`;

/** The tarball of a package, named as npm names it. */
export const tarball = ({ name, version }) => `${STAGE}/${name.slice(1).replace('/', '-')}-${version}.tgz`;
