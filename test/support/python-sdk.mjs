import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version that is known to exist; another one may be spelled differently. */
const SDK = 'cloudevents==2.2.0';

/** What pip says where it reaches no index, or loses it in the midst of a file. */
const NO_INDEX = new RegExp(
  [
    ...['from versions: none', 'Max retries exceeded', 'HTTP error 5\\d\\d', 'timed out', 'ProxyError'],
    ...['NewConnectionError', 'ConnectTimeout', 'ConnectionResetError', 'name resolution'],
    ...[
      'IncompleteRead',
      'not enough bytes',
      'DO NOT MATCH THE HASHES',
      "Wheel '[^']+' located at \\S+ is invalid",
    ],
  ].join('|'),
);

/**
 * Installs the CloudEvents SDK of Python in a folder.
 *
 * @returns {Promise<{ python: string } | { missing: string }>} the Python that has it; or what there is not, in a sentence
 */
export async function installPythonSdk(folder) {
  const version = await run('python3', ['-c', 'import sys; print(sys.version_info >= (3, 10))']).catch(
    () => {},
  );
  if (version?.stdout.trim() !== 'True') return { missing: 'There is no Python of 3.10 or later here.' };
  const made = await run('python3', ['-m', 'venv', folder]).catch((error) => error);
  if (made instanceof Error)
    return { missing: 'This Python makes no environments (Debian: `python3-venv`).' };
  const python = path.join(folder, 'bin/python');
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', SDK];
  try {
    await run(python, args, { timeout: 120_000 });
  } catch (error) {
    if (!error.killed && !NO_INDEX.test(error.stderr)) throw error;
    return { missing: 'pip does not get packages from an index here.' };
  }
  return { python };
}
