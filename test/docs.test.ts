import { readdir, readFile } from 'node:fs/promises';
import { SETTINGS } from '@netbuild/realtime-gateway';
import { CATALOGUE, CLOSES, COMMANDS, ERRORS } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const page = await readFile(new URL('../docs/reference.md', import.meta.url), 'utf8');

/** The rows of the table below a heading, as cells. */
function table(heading: string): string[][] {
  const [, below = ''] = page.split(`\n## ${heading}\n`);
  const [section = ''] = below.split('\n## ');
  const lines = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| -'));
  return lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const yes = (value: boolean) => (value ? 'yes' : 'no');

describe('The reference says what the code says, no less and no more:', () => {
  test('types of event', () => {
    const entries = [...CATALOGUE.values()];
    expect(table('Types of event')).toEqual(
      entries.map(({ type, subject, publishable, doc }) => [type, subject.kind, yes(publishable), doc]),
    );
  });

  test('commands and their fields', () => {
    const fields = (schema: (typeof COMMANDS)[keyof typeof COMMANDS]) =>
      Object.entries(schema.shape)
        .filter(([name]) => name !== 'commandId')
        .map(([name, field]) => (field.safeParse(undefined).success ? `${name}?` : name));
    expect(table('Commands')).toEqual(
      Object.entries(COMMANDS).map(([name, schema]) => [name, fields(schema).join(', ')]),
    );
  });

  test('errors', () => {
    expect(table('Errors')).toEqual(
      Object.entries(ERRORS).map(([code, { status, retryable, message }]) => [
        code,
        `${status}`,
        yes(retryable),
        message,
      ]),
    );
  });

  test('closes', () => {
    expect(table('Closes')).toEqual(
      Object.entries(CLOSES).map(([code, { comeBack, reason }]) => [code, yes(comeBack), reason]),
    );
  });

  const limits = Object.entries(SETTINGS).filter(([name]) => name.startsWith('LIMIT_'));

  test('limits, each with its number and the reason for it', async () => {
    const text = await readFile(new URL('../docs/limits.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `(LIMIT_\w+)` \| `(\S+)` \| (.+?) \| (.+) \| (.+) \|$/gm)];
    expect(rows.map(([, ...cells]) => cells.slice(0, 3))).toEqual(
      limits.map(([name, { doc, schema }]) => [name, `${schema.parse(undefined)}`, doc]),
    );
    for (const [, , , , why, over] of rows)
      expect([why!.length >= 10, over!.length >= 3]).toEqual([true, true]);
  });

  test('settings and their defaults', () => {
    const value = (schema: (typeof SETTINGS)[keyof typeof SETTINGS]['schema']) => {
      const empty = schema.safeParse(undefined);
      if (!empty.success) return 'required';
      return empty.data === undefined || Array.isArray(empty.data) ? 'none' : `${empty.data}`;
    };
    expect(table('Settings of the gateway')).toEqual(
      Object.entries(SETTINGS).map(([name, { doc, schema }]) => [name, value(schema), doc]),
    );
  });
});

test('each test that a page of the docs names is there', async () => {
  const below = async (folder: string) =>
    (await readdir(new URL(folder, root), { recursive: true })).filter(
      (name) => !name.includes('node_modules'),
    );
  const files = (await Promise.all(['packages/', 'apps/', 'test/', 'examples/'].map(below))).flat();
  const pages = (await readdir(new URL('docs/', root))).filter((name) => name.endsWith('.md'));
  expect(pages.length).toBeGreaterThan(0);
  for (const name of pages) {
    const text = await readFile(new URL(`docs/${name}`, root), 'utf8');
    for (const [, named] of text.matchAll(/([\w-]+(?:\.slow)?\.test\.(?:tsx?|mjs))/g))
      expect(
        files.some((file) => file === named || file.endsWith(`/${named}`)),
        `${name} names ${named}`,
      ).toBe(true);
  }
});
