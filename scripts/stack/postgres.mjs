import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installPackages } from '../lib/debian.mjs';
import { freePort } from '../lib/ports.mjs';
import { run } from '../lib/processes.mjs';
import { unprivileged, unprivilegedFile, unprivilegedFolder } from '../lib/unprivileged.mjs';
import { startService } from './service.mjs';

/** Where Debian puts one folder a version. */
const VERSIONS = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs, of the newest version that is there. */
function findPostgres() {
  if (!existsSync(VERSIONS)) return undefined;
  const newest = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  const folders = newest.map((version) => path.join(VERSIONS, version, 'bin'));
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')));
}

/** Installs PostgreSQL where it is missing and may be; tells the folder of its programs. */
export async function needPostgres() {
  if (!findPostgres()) await installPackages('PostgreSQL', 'postgresql');
  return findPostgres();
}

/**
 * Starts a PostgreSQL on the loopback, by an account without rights, since it refuses root. It is back when it takes
 * connections. Its account `netbuild` may do everything, in the database `postgres`.
 *
 * @param {{ log: string, port?: number, folder?: string, settings?: Record<string, string> }} options
 *   `port`: default a free one; `folder`: of its data, below folders that everybody may enter; default a temporary one;
 *   `settings`: more of its configuration
 */
export async function startPostgres({ log, port, folder, settings = {} }) {
  const bin = await needPostgres();
  const chosen = port ?? (await freePort());
  const own = unprivilegedFolder(folder ?? mkdtempSync(path.join(tmpdir(), 'netbuild-postgres-')));
  const password = await makeCluster(bin, own);
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(chosen),
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = unprivileged(path.join(bin, 'postgres'), ['-D', path.join(own, 'data'), ...args]);
  const server = await startService('PostgreSQL', ...command, {
    env: { LC_ALL: 'C' },
    log,
    ready: /database system is (ready) to accept connections/,
    timeout: 120_000,
    // Its own word for "at once, but in order": at SIGTERM it waits until its clients have gone.
    signal: 'SIGINT',
  });
  return {
    ...server,
    port: chosen,
    user: 'netbuild',
    password,
    jdbcUrl: `jdbc:postgresql://127.0.0.1:${chosen}/postgres`,
    /** Stops it, and deletes its data. */
    async discard() {
      await server.stop();
      rmSync(own, { recursive: true, force: true });
    },
  };
}

/** Makes what a server needs in its folder, where it is not there yet; tells the password. */
async function makeCluster(bin, folder) {
  const file = path.join(folder, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const password = randomBytes(16).toString('hex');
  const passing = path.join(folder, 'passing');
  unprivilegedFile(passing, password);
  await run(
    ...unprivileged(path.join(bin, 'initdb'), [
      ...['-D', path.join(folder, 'data'), '-U', 'netbuild', '--pwfile', passing],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'],
    ]),
  );
  // The last step, so that a folder that has it is whole.
  renameSync(passing, file);
  return password;
}
