import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildApp } from '../lib/build.mjs';
import { APP_DIR } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { say } from '../lib/say.mjs';

/** Bytes of JavaScript after gzip that a person waits for before the app's first page. */
const BUDGET = 170_000;

/** What is loaded when it is needed: by these names its files are known in the manifest. */
const LATER = {
  operations: /operations-page/,
  'the diagram': /diagram\/viewer|diagram-pane/,
  'the viewer of forms': /forms\/.*viewer/,
  Markdown: /chat\/markdown/,
};

/** @throws {Problem} where the first load has outgrown its budget, or takes along what can come later */
export async function checkFirstLoad() {
  await buildApp();
  const manifest = readManifest();
  const first = firstOf(manifest);
  const bytes = first.reduce((sum, { file }) => sum + sizeOf(file), 0);
  say(`  the app's first load: ${bytes} of ${BUDGET} bytes, in ${first.length} files`);
  if (bytes > BUDGET)
    throw new Problem(`The app's first load has ${bytes} bytes, and its budget is ${BUDGET}.`);
  for (const [what, name] of Object.entries(LATER)) {
    const own = Object.entries(manifest).filter(([key]) => name.test(key));
    if (own.length === 0) throw new Problem(`There is no file of its own for ${what}: it is in another one.`);
    if (own.some(([, chunk]) => first.includes(chunk)))
      throw new Problem(`The app's first load takes ${what} along.`);
  }
}

function readManifest() {
  const file = path.join(APP_DIR, '.vite/manifest.json');
  if (!existsSync(file)) throw new Problem(`The app was built without ${file}.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The entry and everything that it imports by name, each once. */
function firstOf(manifest) {
  const found = new Set();
  const take = (chunk) => {
    if (found.has(chunk)) return;
    found.add(chunk);
    for (const name of chunk.imports ?? []) take(manifest[name]);
  };
  for (const chunk of Object.values(manifest)) if (chunk.isEntry) take(chunk);
  return [...found];
}

const sizeOf = (file) => gzipSync(readFileSync(path.join(APP_DIR, file))).length;
