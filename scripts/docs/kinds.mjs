/** What an export is to whoever uses it. */
export function kindOf({ name, declared }) {
  const [node] = declared.nodes;
  if (/Class/.test(node.type)) return 'class';
  if (!/Function/.test(node.type) && !/Function/.test(node.init?.type ?? ''))
    return node.type === 'VariableDeclarator' ? 'value' : 'type';
  if (/^use[A-Z]/.test(name)) return 'hook';
  return declared.file.endsWith('.tsx') && /^[A-Z]/.test(name) ? 'component' : 'function';
}

/** Headings of the kinds, in the order of a page. */
export const KINDS = [
  ['component', 'Components'],
  ['hook', 'Hooks'],
  ['function', 'Functions'],
  ['class', 'Classes'],
  ['value', 'Values'],
  ['type', 'Types'],
];
