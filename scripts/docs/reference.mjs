import path from 'node:path';
import { anchorsOf } from './anchors.mjs';
import { keyOf, referencesOf } from './references.mjs';

/** Packages of which the reference tells everything that they export, in the order in which a newcomer meets them. */
const PACKAGES = ['client', 'react', 'publisher', 'agent', 'gateway', 'engine'];

/** What the others are said in: of it the reference tells what they name. */
const CONTRACT = 'protocol';

/**
 * What the reference tells: of each entry of each package its exports, and where each is told in full.
 *
 * @returns {{ pages: { file: string, title: string, folder: string, manifest: object, isPart: boolean,
 *   entries: { name: string, declared: object }[], anchors: Map<string, string> }[],
 *   homes: Map<string, { file: string, name: string, anchor: string }> }}
 */
export function readReference(sources, packages = PACKAGES) {
  const whole = packages.flatMap((folder) => pagesOf(sources, folder));
  const contract = pagesOf(sources, CONTRACT).map((page) => ({
    ...page,
    isPart: true,
    entries: named(sources, page, whole),
  }));
  const pages = [...whole, ...contract]
    .filter(({ entries }) => entries.length > 0)
    .map((page) => ({ ...page, anchors: anchorsOf(page) }));
  const homes = new Map();
  for (const { file, folder, entries, anchors } of pages)
    for (const { name, declared } of entries)
      if (isOf(folder, declared) && !homes.has(keyOf(declared)))
        homes.set(keyOf(declared), { file, name, anchor: anchors.get(name) });
  // An entry that says again what another says needs no page.
  const isOwn = ({ file, folder, entries }) =>
    entries.some(({ declared }) => !isOf(folder, declared) || homes.get(keyOf(declared)).file === file);
  return { pages: pages.filter(isOwn), homes };
}

function pagesOf(sources, folder) {
  const manifest = sources.manifestOf(folder);
  return Object.entries(manifest.exports)
    .filter(([, source]) => /\.tsx?$/.test(source))
    .map(([entry, source]) => ({
      file: `${[folder, ...entry.split('/').slice(1)].join('-')}.md`,
      title: `${manifest.name}${entry.slice(1)}`,
      folder,
      manifest,
      isPart: false,
      entries: sources.exportsOf(path.join('packages', folder, source)),
    }));
}

const isOf = (folder, declared) => declared?.file.startsWith(`packages/${folder}/`);

/** Of a page's entries those that others lead to. */
function named(sources, page, pages) {
  const own = new Map(page.entries.map((entry) => [keyOf(entry.declared), entry]));
  const reached = new Set();
  const reach = (declared) => {
    for (const target of referencesOf(sources, declared)) {
      if (!own.has(keyOf(target)) || reached.has(keyOf(target))) continue;
      reached.add(keyOf(target));
      reach(target);
    }
  };
  for (const { declared } of pages.flatMap(({ entries }) => entries)) {
    if (!declared) continue;
    if (own.has(keyOf(declared))) reached.add(keyOf(declared));
    reach(declared);
  }
  return page.entries.filter(({ declared }) => reached.has(keyOf(declared)));
}
