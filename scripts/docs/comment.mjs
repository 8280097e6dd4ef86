/** Other words for the same. */
const ALIASES = { return: 'returns', throw: 'throws', exception: 'throws' };

/**
 * What a doc comment says.
 *
 * @param {string | undefined} value of the comment, without its outer slashes
 * @returns {{ text: string, params: { name: string, text: string }[], returns: string[], throws: string[], examples: string[] }}
 */
export function readComment(value = '') {
  const lines = value
    .replace(/^\*/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd());
  const parts = [{ tag: 'text', lines: [] }];
  for (const line of lines) {
    const [, tag, rest] = /^\s*@(\w+)\s?(.*)$/.exec(line) ?? [];
    if (tag) parts.push({ tag: ALIASES[tag] ?? tag, lines: [rest] });
    else parts.at(-1).lines.push(line);
  }
  const all = (wanted) =>
    parts
      .filter(({ tag }) => tag === wanted)
      .map(({ tag, lines }) =>
        trimmed((/^(example|text)$/.test(tag) ? lines : lines.map((line) => line.trimStart())).join('\n')),
      );
  return {
    text: all('text')[0],
    params: all('param').map((param) => {
      const [, name, text] = /^(\S+)\s*(?:-\s+)?([\s\S]*)$/.exec(param) ?? [undefined, param, ''];
      return { name, text };
    }),
    returns: all('returns'),
    throws: all('throws'),
    examples: all('example').map((example) => example.replace(/^```\w*\n|\n?```$/g, '')),
  };
}

const trimmed = (text) => text.replace(/^\s*\n/, '').trim();
