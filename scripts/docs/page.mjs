import { groupsOf } from './anchors.mjs';
import { readComment } from './comment.mjs';
import { keyOf, referencesOf } from './references.mjs';
import { schemaOf } from './schema.mjs';
import { membersOf, signatureOf } from './signature.mjs';

const MADE =
  'Made from the doc comments of the source by `npm run docs`; what is wrong here is mended there.';

/** The text of a page. */
export function writePage({ sources, reference, page }) {
  const { title, manifest, entries, isPart, anchors } = page;
  const groups = groupsOf(entries);
  const linkTo = linker(reference, page);
  const sheets = Object.keys(manifest.exports).filter((name) => name.endsWith('.css'));
  const parts = [
    `# ${title}`,
    `${manifest.description}. ${MADE}`,
    ...(isPart ? ['Here is what the signatures of the other packages name.'] : []),
    ...(sheets.length > 0 && title === manifest.name
      ? [`Style sheets: ${sheets.map((name) => `\`${title}${name.slice(1)}\``).join(', ')}.`]
      : []),
    groups
      .map(
        ({ heading, members }) =>
          `- ${heading}: ${members.map(({ name }) => `[${name}](#${anchors.get(name)})`).join(', ')}`,
      )
      .join('\n'),
  ];
  for (const { heading, members } of groups) {
    parts.push(`## ${heading}`);
    for (const entry of members) parts.push(...writeEntry({ sources, reference, entry, page, linkTo }));
  }
  return `${parts.join('\n\n')}\n`;
}

function* writeEntry({ sources, reference, entry: { name, declared }, page, linkTo }) {
  yield `### ${name}`;
  const home = reference.homes.get(keyOf(declared));
  if (home && home.file !== page.file) {
    yield `${sentence(readComment(declared.doc).text)} Told in full [with its package](${home.file}#${home.anchor}).`;
    return;
  }
  const schema = schemaOf(sources, declared);
  yield fenced(
    [signatureOf(declared), ...schema].join('\n\n'),
    declared.file.endsWith('.tsx') ? 'tsx' : 'ts',
  );
  const comment = readComment(declared.doc);
  yield* writeComment(comment, declared.file, linkTo);
  const members = membersOf(declared)
    .map((member) => writeMember(member, declared.file, linkTo))
    .join('\n');
  if (members) yield members;
  const links = referencesOf(sources, declared)
    .map((target) => linkTo(target))
    .filter(Boolean);
  const source = `[source](../../${declared.file})`;
  yield links.length > 0 ? `See ${[...new Set(links)].join(', ')}; ${source}.` : `See its ${source}.`;
}

function* writeComment({ text, params, returns, throws, examples }, file, linkTo) {
  if (text) yield prose(text, linkTo);
  const facts = [
    ...params.map((param) => `- \`${param.name}\`: ${prose(param.text, linkTo)}`),
    ...returns.map((words) => `- Returns: ${prose(words, linkTo)}`),
    ...throws.map((words) => `- Throws: ${prose(words.replace(/^\{(\w+)\}\s*/, '`$1`, '), linkTo)}`),
  ];
  if (facts.length > 0) yield facts.map((fact) => fact.replaceAll('\n', '\n  ')).join('\n');
  for (const example of examples)
    yield fenced(example, file.endsWith('.tsx') || /<\w/.test(example) ? 'tsx' : 'ts');
}

function writeMember({ signature, doc }, file, linkTo) {
  const said = [...writeComment(readComment(doc), file, linkTo)].join('\n\n');
  const code = signature.includes('`') ? `\`\` ${signature} \`\`` : `\`${signature}\``;
  return said.includes('\n\n')
    ? `- ${code}\n\n${said.replace(/^(?=.)/gm, '  ')}\n`
    : `- ${code}${said ? `: ${said.replaceAll('\n', '\n  ')}` : ''}`;
}

const fenced = (code, language) => `\`\`\`${language}\n${code}\n\`\`\``;

/** Nothing of it becomes HTML; what is linked is. */
const prose = (text, linkTo) =>
  text
    .replace(/\{@link (\w+)([.\w]*)\}/g, (_, name, more) => linkTo.byName(name, more))
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 ? part : part.replace(/<(?=[\w/])/g, '&lt;')))
    .join('');

const sentence = (text) => /^[\s\S]*?\.(?=\s|$)/.exec(text)?.[0] ?? text;

function linker({ homes }, { file, anchors }) {
  const write = (text, page, anchor) => `[\`${text}\`](${page === file ? '' : page}#${anchor})`;
  const linkTo = (declared) => {
    const home = homes.get(keyOf(declared));
    return home && write(home.name, home.file, home.anchor);
  };
  linkTo.byName = (name, more) =>
    anchors.has(name) ? write(`${name}${more}`, file, anchors.get(name)) : `\`${name}${more}\``;
  return linkTo;
}
