import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
const theme = await read('../src/theme.css');
const sheets = await Promise.all(['parts', 'form', 'chat'].map((name) => read(`../src/${name}.css`)));
const set = (css: string) => new Set([...css.matchAll(/^\s*(--nb-[\w-]+):/gm)].map(([, name]) => name));

test('every variable that a stylesheet uses has a default there or in the theme, and the page on components names each, no less and no more', async () => {
  const page = await read('../../../docs/components.md');
  const named = [...page.matchAll(/^\| `(--nb-[\w-]+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual([...set(theme)]);
  for (const sheet of sheets)
    for (const [, name] of sheet.matchAll(/var\((--nb-[\w-]+)\)/g))
      expect([...set(theme), ...set(sheet)]).toContain(name);
});

test('dark is the same, by the device and by attribute, and changes each colour', () => {
  const [byDevice, byAttribute] = [
    /not\(\[data-theme="light"\]\)\) \{([^}]*)\}/,
    /where\(\[data-theme="dark"\]\) \{([^}]*)\}/,
  ].map((rule) =>
    [...rule.exec(theme)![1]!.matchAll(/(--nb-[\w-]+): (.*);/g)].map(([, name, value]) => `${name} ${value}`),
  );
  expect(byDevice).toEqual(byAttribute);
  const light = /where\(:root, \[data-theme="light"\]\) \{([^}]*)\}/.exec(theme)![1]!;
  expect(byDevice!.map((one) => one.split(' ')[0])).toEqual([...set(light)]);
});
