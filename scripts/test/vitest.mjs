import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { at, bin, CACHE } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { start } from '../lib/processes.mjs';

const REPORTER = at('scripts/test/count-reporter.mjs');

/** Runs the TypeScript tests, shown as they come, and counts them. */
export async function runVitest({ fast, env }) {
  const report = path.join(CACHE, 'vitest.json');
  mkdirSync(CACHE, { recursive: true });
  rmSync(report, { force: true });
  const { code } = await start(bin('vitest'), ['run', '--reporter=default', `--reporter=${REPORTER}`], {
    show: true,
    env: { ...env, VITEST_COUNT: report, ...(fast ? { FAST_TESTS: '1' } : {}) },
  }).exited;
  const count = read(report, code);
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function read(report, code) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch (cause) {
    throw new Problem(`vitest ended with ${code} and left no report.`, { cause });
  }
}
