import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installPackages } from '../lib/debian.mjs';
import { freePort } from '../lib/ports.mjs';
import { run } from '../lib/processes.mjs';
import { unprivileged, unprivilegedFile, unprivilegedFolder } from '../lib/unprivileged.mjs';
import { startService } from './service.mjs';

const DAEMON = '/usr/sbin/mariadbd';
/** What its installer asks, of another package. */
const INSTALLER_HELP = '/usr/bin/my_print_defaults';

/** Installs MariaDB's server where it is missing and may be. */
async function needMariadb() {
  if (![DAEMON, INSTALLER_HELP].every((file) => existsSync(file)))
    await installPackages('MariaDB', 'mariadb-server-core', 'mariadb-client-core');
}

/**
 * Starts a MariaDB on the loopback, by an account without rights. It is back when it takes connections. Its account
 * `netbuild` may do everything in the database `netbuild`, and in those whose names begin so.
 *
 * @param {{ log: string, port?: number, folder?: string, settings?: string[] }} options
 *   `port`: default a free one; `folder`: of its data, below folders that everybody may enter; default a temporary one;
 *   `settings`: more arguments for mariadbd
 */
export async function startMariadb({ log, port, folder, settings = [] }) {
  await needMariadb();
  const chosen = port ?? (await freePort());
  const own = unprivilegedFolder(folder ?? mkdtempSync(path.join(tmpdir(), 'netbuild-mariadb-')));
  const data = path.join(own, 'data');
  const password = await makeData(own, data);
  const first = path.join(own, 'first.sql');
  unprivilegedFile(
    first,
    [
      'create database if not exists netbuild character set utf8mb4;',
      `create user if not exists 'netbuild'@'127.0.0.1' identified by '${password}';`,
      "grant all on `netbuild%`.* to 'netbuild'@'127.0.0.1';",
      '',
    ].join('\n'),
  );
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    `--port=${chosen}`,
    '--bind-address=127.0.0.1',
    `--socket=${path.join(own, 'socket')}`,
    `--pid-file=${path.join(own, 'pid')}`,
    `--init-file=${first}`,
    '--skip-name-resolve',
    '--character-set-server=utf8mb4',
    // The engine refuses to start on MariaDB's default, which is stronger and deadlocks.
    '--transaction-isolation=READ-COMMITTED',
  ];
  const server = await startService('MariaDB', ...unprivileged(DAEMON, [...args, ...settings]), {
    env: {},
    log,
    ready: /mariadbd: (ready) for connections/,
    timeout: 120_000,
  });
  return {
    ...server,
    port: chosen,
    user: 'netbuild',
    password,
    // Without the parameter the engine takes it for a MySQL of a version that it does not know.
    jdbcUrl: `jdbc:mariadb://127.0.0.1:${chosen}/netbuild?useMysqlMetadata=true`,
    /** Stops it, and deletes its data. */
    async discard() {
      await server.stop();
      rmSync(own, { recursive: true, force: true });
    },
  };
}

/** Makes what a server needs in its folder, where it is not there yet; tells the password. */
async function makeData(folder, data) {
  const file = path.join(folder, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const password = randomBytes(16).toString('hex');
  await run(
    ...unprivileged('mariadb-install-db', [
      ...['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'],
      ...['--skip-test-db', '--skip-name-resolve'],
    ]),
  );
  // The last step, so that a folder that has it is whole.
  unprivilegedFile(`${file}.new`, password);
  renameSync(`${file}.new`, file);
  return password;
}
