import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { at, CACHE } from '../lib/paths.mjs';
import { start } from '../lib/processes.mjs';
import { say } from '../lib/say.mjs';
import { startMariadb } from '../stack/mariadb.mjs';
import { startPostgres } from '../stack/postgres.mjs';

/** What the servers of the tests lose when the machine does is lost to nobody. */
const SERVERS = {
  TEST_POSTGRES_URL: () =>
    startPostgres({ log: path.join(CACHE, 'test-postgres.log'), settings: { fsync: 'off' } }),
  // The smallest packet that a server still has by older defaults: large commands must fit through.
  TEST_MARIADB_URL: () =>
    startMariadb({
      log: path.join(CACHE, 'test-mariadb.log'),
      settings: ['--max-allowed-packet=1M', '--innodb-flush-log-at-trx-commit=0'],
    }),
};

/**
 * Runs the Java tests, shown as they come, on the databases that can be had, and counts them from Surefire's reports.
 */
export async function runJava() {
  for (const folder of reportFolders()) rmSync(folder, { recursive: true, force: true });
  const { env, servers } = await startServers();
  // The forks are tested beside the core: much of that is waiting.
  const args = ['-B', '-T', '2', '-f', 'engine-plugin/pom.xml', '--no-transfer-progress', 'test'];
  const { code } = await start('mvn', args, { show: true, env }).exited;
  for (const server of servers) await server.discard();
  const total = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const report of reportFolders().flatMap(reportsIn)) add(total, report);
  // A build that fails before its tests, or a virtual machine that dies in them, leaves no failed test.
  if (code !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

/** The addresses of what has started; the tests of what has not are skipped, and say so. */
async function startServers() {
  const env = {};
  const servers = [];
  for (const [variable, startServer] of Object.entries(SERVERS)) {
    try {
      const server = await startServer();
      servers.push(server);
      const separator = server.jdbcUrl.includes('?') ? '&' : '?';
      env[variable] = `${server.jdbcUrl}${separator}user=${server.user}&password=${server.password}`;
    } catch (error) {
      say(`  Without ${variable}: ${error.message}`);
    }
  }
  return { env, servers };
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
  for (const [, named, body] of report.matchAll(/<testcase\s([^>]*[^/])>(.*?)<\/testcase>/gs)) {
    const why = /<(?:failure|error)\b[^>]*>(?:<!\[CDATA\[)?(.*?)(?:\n|\]\]>|<)/s.exec(body)?.[1];
    const attribute = (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(named)?.[1];
    if (why !== undefined) total.failures.push(`${attribute('classname')} > ${attribute('name')}\n  ${why}`);
  }
}
