import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { bin, CACHE, ROOT } from '../lib/paths.mjs';
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
    failures: said.testResults.flatMap(failuresOf),
  };
}

/** Each test that failed with the first lines of its error, or what kept the whole file from being loaded. */
function failuresOf({ name: file, status, message, assertionResults }) {
  const where = path.relative(ROOT, file);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (status === 'failed' && assertionResults.length === 0) return [`${where}\n${beginningOf(message)}`];
  return failed.map(
    ({ ancestorTitles, title, failureMessages }) =>
      `${[where, ...ancestorTitles, title].join(' > ')}\n${failureMessages.map(beginningOf).join('\n')}`,
  );
}

const beginningOf = (message) =>
  stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => !line.includes('node_modules/'))
    .slice(0, 12)
    .map((line) => `  ${line}`)
    .join('\n');
