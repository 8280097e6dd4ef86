import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { at, bin, CACHE } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { bundleEntries } from './bundle.mjs';
import { built, publishedManifest, SERVER } from './manifest.mjs';
import { publishable, STAGE, stageOf, withNeeded } from './packages.mjs';

/** Compiles every published package into a folder of its own, as it will lie in the tarball, and packs it. */
export async function stageAll() {
  rmSync(STAGE, { recursive: true, force: true });
  for (const one of publishable()) await pack(one, { root: STAGE, target: STAGE });
}

/**
 * Packs some packages, and those that they stand on, into a folder of somebody else's.
 *
 * @param {string} target
 * @param {string[]} folders
 */
export async function packInto(target, folders) {
  const packages = withNeeded(folders);
  mkdirSync(target, { recursive: true });
  mkdirSync(CACHE, { recursive: true });
  // Another run may be packing, too.
  const stage = mkdtempSync(path.join(CACHE, 'pack-'));
  try {
    for (const one of packages) await pack(one, { root: stage, target, noCheck: true });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** @param {{ root: string, target: string, noCheck?: boolean }} how `noCheck`: types are made and not looked at */
async function pack({ folder, manifest }, { root, target, noCheck = false }) {
  const stage = stageOf(folder, root);
  mkdirSync(stage, { recursive: true });
  write(`${root}/${folder}.tsconfig.json`, tsconfig(folder, { stage, noCheck }));
  await run(bin('tsc'), ['-p', `${root}/${folder}.tsconfig.json`]);
  await bundleEntries(folder, `${stage}/dist`);
  for (const file of assetsOf(manifest))
    copyFileSync(at('packages', folder, file), `${stage}/${built(file)}`);
  write(`${stage}/package.json`, publishedManifest(folder, manifest));
  for (const name of ['README.md', 'LICENSE']) {
    const file = [at('packages', folder, name), at(name)].find((candidate) => existsSync(candidate));
    if (file && (name === 'LICENSE' || file === at('packages', folder, name)))
      copyFileSync(file, `${stage}/${name}`);
  }
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', path.resolve(target)], {
    cwd: stage,
  });
}

/** What Node 20, and browsers of its time, know: packages that run there are compiled, and looked at, with that. */
const OLDEST = { target: 'es2023', lib: ['es2023', 'es2024.string', 'dom', 'dom.iterable'] };

/** What is exported as it is, such as a style sheet. */
const assetsOf = ({ exports }) =>
  Object.values(exports).filter((file) => built(file) !== file && !/\.tsx?$/.test(file));

const write = (file, content) => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);

function tsconfig(folder, { stage, noCheck }) {
  return {
    extends: at('tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      noCheck,
      ...(SERVER.has(folder) ? {} : OLDEST),
      declaration: true,
      rootDir: at('packages', folder, 'src'),
      outDir: `${stage}/dist`,
    },
    include: [at('packages', folder, 'src')],
  };
}
