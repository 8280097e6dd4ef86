import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bin } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { startService } from '../stack/service.mjs';
import { publishable, STAGE, tarball } from './packages.mjs';

/** Where the tarballs are installed, as somebody would who has none of the sources. */
const PLACE = `${STAGE}/installed`;

/** Installs all tarballs together, loads each package, and lets the gateway of the tarball say that it listens. */
export async function tryInstalled() {
  rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(PLACE, { recursive: true });
  const packages = publishable().map(({ manifest }) => manifest);
  const dependencies = Object.fromEntries(
    packages.map((manifest) => [manifest.name, `file:${tarball(manifest)}`]),
  );
  writeFileSync(`${PLACE}/package.json`, JSON.stringify({ private: true, type: 'module', dependencies }));
  // Not with the install scripts: of what comes with the viewer of forms they are telemetry.
  await run('npm', ['install', '--ignore-scripts', '--prefer-offline', '--loglevel', 'error'], {
    cwd: PLACE,
  });

  const imports = packages.map(({ name }) => `await import(${JSON.stringify(name)});`);
  await run(bin('node'), ['--input-type=module', '--eval', imports.join('\n')], { cwd: PLACE });

  const gateway = await startService(
    'packed gateway',
    bin('node'),
    [`${PLACE}/node_modules/.bin/netbuild-realtime`, 'serve', '--dev'],
    {
      env: { PORT: '0', DATA_DIR: path.join(PLACE, 'data') },
      log: path.join(PLACE, 'gateway.log'),
      ready: /listening on (http:\S+)/,
      timeout: 30_000,
      cwd: PLACE,
    },
  );
  await gateway.stop();
}
