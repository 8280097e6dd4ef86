import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bin, CACHE } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { start } from '../lib/processes.mjs';

/** Runs the TypeScript tests, shown as they come, and counts them. */
export async function runVitest({ fast, env }) {
  const report = path.join(CACHE, 'vitest.json');
  mkdirSync(CACHE, { recursive: true });
  rmSync(report, { force: true });
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await start(bin('vitest'), args, {
    show: true,
    env: { ...env, ...(fast ? { FAST_TESTS: '1' } : {}) },
  }).exited;
  return count(report, code);
}

function count(report, code) {
  let said;
  try {
    said = JSON.parse(readFileSync(report, 'utf8'));
  } catch (cause) {
    throw new Problem(`vitest ended with ${code} and left no report.`, { cause });
  }
  // A file that can't be loaded has no tests of its own; an error between tests belongs to none.
  const broken = said.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = said.numFailedTests + broken;
  return {
    passed: said.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: said.numPendingTests + said.numTodoTests,
  };
}
