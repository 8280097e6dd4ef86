import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from '../scripts/lib/fingerprint.mjs';
import { at } from '../scripts/lib/paths.mjs';

const SKIP = new Set(['node_modules', 'dist', 'target', 'test', '.cache']);
const PAGES = filesBelow(
  ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs', 'examples', 'packages', 'deploy', 'engine-plugin'],
  SKIP,
).filter((file) => file.endsWith('.md'));

/** A page without what stands in its code. */
const proseOf = (file) =>
  readFileSync(at(file), 'utf8')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/``.+?``|`[^`\n]*`/g, (code) => code.replace(/[[\]]/g, ' '));

/** Where the links of a page lead that stay in the project: a file, and perhaps a heading of it. */
function linksOf(file) {
  return [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^\w+:/.test(link))
    .map((link) => {
      const [target, heading] = link.split('#');
      return { link, target: target ? path.join(path.dirname(file), target) : file, heading };
    });
}

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(file) {
  const counts = new Map();
  return [
    ...readFileSync(at(file), 'utf8')
      .replace(/^```[\s\S]*?^```$/gm, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading]) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

const known = new Map();
const hasHeading = (file, heading) => {
  if (!known.has(file)) known.set(file, new Set(anchorsOf(file)));
  return known.get(file).has(heading);
};

test('each link of the docs that stays in the project leads to a file that is there, and a heading of it', () => {
  const broken = PAGES.flatMap((file) =>
    linksOf(file)
      .filter(
        ({ target, heading }) =>
          !existsSync(at(target)) || (heading && target.endsWith('.md') && !hasHeading(target, heading)),
      )
      .map(({ link }) => `${file}: ${link}`),
  );
  expect(PAGES.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

test('each page of the docs is in their index', () => {
  const linked = new Set(linksOf('docs/README.md').map(({ target }) => target));
  const pages = readdirSync(at('docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(pages.filter((name) => !linked.has(`docs/${name}`))).toEqual([]);
});
