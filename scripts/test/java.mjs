import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { at } from '../lib/paths.mjs';
import { start } from '../lib/processes.mjs';

/** Runs the Java tests, shown as they come, and counts them from Surefire's reports. */
export async function runJava() {
  for (const folder of reportFolders()) rmSync(folder, { recursive: true, force: true });
  const args = ['-B', '-f', 'engine-plugin/pom.xml', '--no-transfer-progress', 'test'];
  const { code } = await start('mvn', args, { show: true }).exited;
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reportFolders().flatMap(reportsIn)) add(total, report);
  // A build that fails before its tests, or a virtual machine that dies in them, leaves no failed test.
  if (code !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

const reportFolders = () =>
  readdirSync(at('engine-plugin'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => at('engine-plugin', entry.name, 'target/surefire-reports'))
    .filter((folder) => existsSync(folder));

const reportsIn = (folder) =>
  readdirSync(folder)
    .filter((name) => /^TEST-.*\.xml$/.test(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));

function add(total, report) {
  const suite = /<testsuite\b[^>]*>/.exec(report)?.[0] ?? '';
  const number = (name) => Number(new RegExp(`\\s${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  total.failed += failed;
  total.skipped += number('skipped');
  total.passed += number('tests') - failed - number('skipped');
}
