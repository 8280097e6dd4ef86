import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { Problem } from '../lib/problem.mjs';
import { say } from '../lib/say.mjs';
import { publishable, stageOf } from './packages.mjs';

/** Bytes after gzip of a package's own code, minified, without what it depends on. Change one only with a reason. */
const BUDGETS = { client: 8_000, react: 5_000 };

/** @throws {Problem} where a package has outgrown its budget */
export async function checkBudgets() {
  const over = [];
  for (const [folder, budget] of Object.entries(BUDGETS)) {
    const bytes = await size(publishable().find((one) => one.folder === folder));
    say(`  ${folder}: ${bytes} of ${budget} bytes`);
    if (bytes > budget) over.push(`${folder} has ${bytes} bytes, and its budget is ${budget}.`);
  }
  if (over.length > 0) throw new Problem(over.join(' '));
}

async function size({ folder }) {
  const bundle = await rolldown({
    input: `${stageOf(folder)}/dist/index.js`,
    external: (name) => !/^[./]/.test(name),
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  return output.reduce((sum, chunk) => sum + gzipSync(chunk.code ?? '').length, 0);
}
