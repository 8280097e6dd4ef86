import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { at, bin } from '../scripts/lib/paths.mjs';
import { run } from '../scripts/lib/processes.mjs';

const PAGES = ['docs/react.md', 'packages/react/README.md'];

test('the examples for React are programs that the types of the package allow', async () => {
  const texts = await Promise.all(PAGES.map((page) => readFile(at(page), 'utf8')));
  const examples = texts.map((text) => [...text.matchAll(/^```tsx\n(.*?)^```/gms)].map(([, code]) => code));
  for (const those of examples) expect(those.length).toBeGreaterThan(0);
  // Inside of the project, where its packages are found.
  await mkdir(at('.cache'), { recursive: true });
  const dir = await mkdtemp(at('.cache/react-page-'));
  const write = (name, content) => writeFile(path.join(dir, name), content);
  try {
    await Promise.all(examples.flat().map((code, i) => write(`example-${i}.tsx`, code)));
    await write('css.d.ts', "declare module '*.css';\n");
    // What the package's own sources know of modules without types.
    const include = ['*', at('packages/react/src/**/*.d.ts')];
    await write('tsconfig.json', JSON.stringify({ extends: at('tsconfig.json'), include }));
    await run(bin('tsc'), ['--noEmit', '-p', dir]).catch((failed) => expect.fail(failed.tail));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}, 120_000);
