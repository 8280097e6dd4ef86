import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { Problem } from '../lib/problem.mjs';
import { say } from '../lib/say.mjs';
import { stageOf } from './packages.mjs';

/** Bytes after gzip of our own code, minified, without what it depends on. Change one only with a reason. */
const BUDGETS = [
  { name: 'client', folder: 'client', entry: 'index.js', budget: 8_192 },
  { name: "client's core", folder: 'client', entry: 'core/index.js', budget: 5_000 },
  { name: 'react', folder: 'react', entry: 'index.js', budget: 10_000 },
];

/** @throws {Problem} where something has outgrown its budget */
export async function checkBudgets() {
  const over = [];
  for (const { name, folder, entry, budget } of BUDGETS) {
    const bytes = await size(`${stageOf(folder)}/dist/${entry}`);
    say(`  ${name}: ${bytes} of ${budget} bytes`);
    if (bytes > budget) over.push(`${name} has ${bytes} bytes, and its budget is ${budget}.`);
  }
  if (over.length > 0) throw new Problem(over.join(' '));
}

async function size(input) {
  const bundle = await rolldown({
    input,
    external: (name) => !/^[./]/.test(name),
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  return output.reduce((sum, chunk) => sum + gzipSync(chunk.code ?? '').length, 0);
}
