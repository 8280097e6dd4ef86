import { spawnSync } from 'node:child_process';
import { Problem } from './problem.mjs';
import { run } from './processes.mjs';
import { step } from './step.mjs';

/**
 * Installs packages from Debian's archive, where this account may.
 * @throws {Problem} where it may not, saying what to install
 */
export async function installPackages(what, ...packages) {
  const command = `apt-get install ${packages.join(' ')}`;
  if (spawnSync('apt-get', ['--version']).status !== 0) {
    throw new Problem(`${what} is missing, and this is no Debian: install it with your system's packages.`);
  }
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (sudo.length > 0 && spawnSync('sudo', ['-n', 'true']).status !== 0) {
    throw new Problem(
      `${what} is missing, and this account may not install it: run \`sudo ${command}\` once.`,
    );
  }
  // Another apt at work (an unattended upgrade) is waited for instead of failing.
  const quiet = ['-q', '-o', 'DPkg::Lock::Timeout=300'];
  const apt = (...args) => {
    const [first, ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...quiet, ...args];
    return run(first, rest);
  };
  await step(`Installing ${what} from Debian's packages (once)`, async () => {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...packages);
  });
}
