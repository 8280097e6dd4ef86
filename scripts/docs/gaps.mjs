import { parseSync } from 'oxc-parser';
import { readComment } from './comment.mjs';
import { kindOf } from './kinds.mjs';

/** Packages that programs are written with: each thing of theirs that does something shows how it is used. */
const SHOWN = ['client', 'react', 'publisher', 'agent'];

/** What does something. */
const DOERS = ['component', 'hook', 'function', 'class'];

/** What the doc comments of the exports lack, as sentences. */
export function gapsOf({ pages }) {
  return pages.flatMap(({ title, folder, entries }) =>
    entries.flatMap((entry) => gaps(entry, folder).map((gap) => `${entry.name} of ${title} ${gap}`)),
  );
}

function gaps({ name, declared }, folder) {
  if (!declared) return ['is not declared in the packages'];
  const { text, examples } = readComment(declared.doc);
  const wantsExample = SHOWN.includes(folder) && DOERS.includes(kindOf({ name, declared }));
  return [
    ...(text ? [] : ['has no doc comment']),
    ...(wantsExample && examples.length === 0 ? ['has no @example'] : []),
    ...examples.flatMap(mistake),
  ];
}

/** An example is a module, the body of a function that may wait, a value, or what stands on a page. */
function mistake(example) {
  const imports = /^import [\s\S]*?;$/gm;
  const before = (example.match(imports) ?? []).join('\n');
  const rest = example.replace(imports, '');
  const ways = [`{\n${rest}\n}`, `(\n${rest}\n)`, ...(/^\s*</.test(rest) ? [`<>\n${rest}\n</>`] : [])];
  const codes = [...ways.map((one) => `${before}\nasync () => ${one};`), example];
  const wrong = codes.map((code) => parseSync('example.tsx', code).errors);
  if (wrong.some((errors) => errors.length === 0)) return [];
  return [`has an @example that is no code: ${wrong[0][0].message}`];
}
