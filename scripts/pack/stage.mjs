import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { at, bin } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { built, publishedManifest } from './manifest.mjs';
import { publishable, STAGE, stageOf } from './packages.mjs';

/** Compiles every published package into a folder of its own, as it will lie in the tarball, and packs it. */
export async function stageAll() {
  rmSync(STAGE, { recursive: true, force: true });
  for (const { folder, manifest } of publishable()) {
    const stage = stageOf(folder);
    mkdirSync(stage, { recursive: true });
    write(`${STAGE}/${folder}.tsconfig.json`, tsconfig(folder));
    await run(bin('tsc'), ['-p', `${STAGE}/${folder}.tsconfig.json`]);
    for (const file of assetsOf(manifest))
      copyFileSync(at('packages', folder, file), `${stage}/${built(file)}`);
    write(`${stage}/package.json`, publishedManifest(folder, manifest));
    for (const name of ['README.md', 'LICENSE']) {
      const file = [at('packages', folder, name), at(name)].find((candidate) => existsSync(candidate));
      if (file && (name === 'LICENSE' || file === at('packages', folder, name)))
        copyFileSync(file, `${stage}/${name}`);
    }
    await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', STAGE], { cwd: stage });
  }
}

/** What is exported as it is, such as a style sheet. */
const assetsOf = ({ exports }) =>
  Object.values(exports).filter((file) => built(file) !== file && !/\.tsx?$/.test(file));

const write = (file, content) => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);

function tsconfig(folder) {
  return {
    extends: at('tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rootDir: at('packages', folder, 'src'),
      outDir: `${stageOf(folder)}/dist`,
    },
    include: [at('packages', folder, 'src')],
  };
}
