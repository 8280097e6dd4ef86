import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { filesBelow } from '../lib/fingerprint.mjs';
import { at } from '../lib/paths.mjs';

const SKIP = new Set(['node_modules', 'dist', 'target']);

/**
 * Every import of the TypeScript sources below these folders.
 * `typeOnly`: it is gone when the program runs.
 * @returns {{ file: string, to: string, target?: string, typeOnly: boolean, names?: (string | null)[] }[]}
 *   `target`: the file, for relative ones; `names`: what is taken from it
 */
export function readImports(folders) {
  return filesBelow(folders, SKIP)
    .filter((file) => /\.(ts|tsx|mts|mjs)$/.test(file))
    .flatMap((file) =>
      importsOf(file).map((found) => ({
        file,
        ...found,
        ...(found.to.startsWith('.')
          ? { target: path.normalize(path.join(path.dirname(file), found.to)) }
          : {}),
      })),
    );
}

function importsOf(file) {
  const text = readFileSync(at(file), 'utf8');
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    found.push({
      to: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
      names: entries.map((entry) => entry.importName.name),
    });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries)
      if (moduleRequest) found.push({ to: moduleRequest.value, typeOnly: isType });
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^['"](.*)['"]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal) found.push({ to: literal[1], typeOnly: false });
  }
  return found;
}
