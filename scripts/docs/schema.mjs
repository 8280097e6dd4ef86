/**
 * The schema that a type is inferred from, with the pieces that it is put together from: the type alone says nothing.
 * @returns {string[]}
 */
export function schemaOf(sources, declared) {
  const [, name] = /= z\.infer<typeof (\w+)>$/.exec(textOf(declared, declared.nodes[0])) ?? [];
  if (!name) return [];
  const pieces = new Map();
  const collect = (file, wanted) => {
    const found = sources.local(file, wanted);
    const [node] = found?.nodes ?? [];
    if (node?.type !== 'VariableDeclarator' || pieces.has(wanted)) return;
    pieces.set(wanted, textOf(found, node));
    for (const more of spread(node.init)) collect(found.file, more);
  };
  collect(declared.file, name);
  return [...pieces.values()].map((text) => `const ${text}`);
}

const textOf = ({ text }, { start, end }) => text.slice(start, end).replace(/;$/, '');

/** Names of what is spread into a schema. */
function spread(node, found = []) {
  if (Array.isArray(node)) for (const one of node) spread(one, found);
  else if (node && typeof node === 'object') {
    if (node.type === 'SpreadElement' && node.argument.name) found.push(node.argument.name);
    for (const value of Object.values(node)) spread(value, found);
  }
  return found;
}
