import { readFileSync, writeFileSync } from 'node:fs';
import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { at } from './lib/paths.mjs';
import { run } from './lib/processes.mjs';
import { say } from './lib/say.mjs';
import { step } from './lib/step.mjs';

const HELP = `
npm run lock

Brings package-lock.json up to date after a change of dependencies.

A registry mirror may lack the binaries of other platforms, and npm then leaves them out of the lockfile;
\`npm ci\` refuses such a lockfile. This adds what is missing, by name and version.

  --help           this text
`;

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = ['arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64', 'arm'];

main(async () => {
  readOptions(HELP, {});
  await step('Resolving the packages', () =>
    run('npm', ['install', '--package-lock-only', '--loglevel', 'error']),
  );
  const file = at('package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const added = Object.values(lock.packages).flatMap(({ dev, optionalDependencies = {} }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !lock.packages[`node_modules/${name}`])
      .map(([name, version]) => [`node_modules/${name}`, entry(name, version, dev)]),
  );
  const sorted = Object.entries({ ...lock.packages, ...Object.fromEntries(added) }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  say(`${added.length} packages of other platforms added.`);
  return 0;
});

/** The platform is the last part of such a name: `…-linux-x64-musl`. */
function entry(name, version, dev) {
  const cpu = PROCESSORS.find((one) => name.includes(one));
  const os = SYSTEMS.find((one) => name.includes(one));
  return {
    version,
    ...(dev ? { dev } : {}),
    optional: true,
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os ? { os: [os] } : {}),
    ...(name.endsWith('-musl') ? { libc: ['musl'] } : {}),
  };
}
