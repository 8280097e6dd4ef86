import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writePage } from './page.mjs';
import { readReference } from './reference.mjs';
import { createSources } from './sources.mjs';

const FOLDER = 'docs/api';

/** The files of the reference as the source has them: name and text. */
export function makeReference(root, packages) {
  const sources = createSources(root);
  const reference = readReference(sources, packages);
  const files = new Map(reference.pages.map((page) => [page.file, writePage({ sources, reference, page })]));
  files.set('README.md', index(reference));
  return { reference, files };
}

/** Writes them, and removes what is of none any more. */
export function writeReference(root, packages) {
  const { files } = makeReference(root, packages);
  const folder = path.join(root, FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const name of standing(folder)) if (!files.has(name)) rmSync(path.join(folder, name));
  for (const [name, text] of files) writeFileSync(path.join(folder, name), text);
  return [...files.keys()];
}

/** The names of the files that differ from the source, are missing, or are too many. */
export function staleFiles(root, files) {
  const folder = path.join(root, FOLDER);
  const names = new Set([...files.keys(), ...standing(folder)]);
  return [...names].filter((name) => {
    const file = path.join(folder, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== files.get(name);
  });
}

const standing = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

function index({ pages }) {
  const rows = pages.map(({ file, title, manifest, entries, isPart }) => {
    const what = isPart ? 'what the others name' : `${entries.length} exports`;
    return `| [${title}](${file}) | ${manifest.description} | ${what} |`;
  });
  return `# API reference

Made from the doc comments of the source by \`npm run docs\`; a check fails where the two differ.

| package | | |
|---|---|---|
${rows.join('\n')}
`;
}
