/** Where the types are declared, and the values that types are made of, that a declaration names: each once. */
export function referencesOf(sources, declared) {
  const found = new Map();
  for (const node of declared.nodes)
    walk(isShown(node), (name) => {
      const target = sources.local(declared.file, name);
      if (target && keyOf(target) !== keyOf(declared)) found.set(keyOf(target), target);
    });
  return [...found.values()];
}

/** Names a declaration for good. */
export const keyOf = ({ file, name }) => `${file}#${name}`;

/** The parts of a declaration that its callers see. */
function isShown(node) {
  if (/Function/.test(node.type)) return { ...node, body: undefined };
  if (node.type === 'VariableDeclarator')
    return /Function/.test(node.init?.type ?? '')
      ? { ...node, init: { ...node.init, body: undefined } }
      : { id: node.id };
  if (/Class/.test(node.type))
    return {
      ...node,
      body: node.body.body
        .filter(({ key, accessibility }) => key?.type !== 'PrivateIdentifier' && accessibility !== 'private')
        .map((member) => ({ ...member, value: member.value && { ...member.value, body: undefined } })),
    };
  return node;
}

function walk(node, tell) {
  if (Array.isArray(node)) for (const one of node) walk(one, tell);
  else if (node && typeof node === 'object') {
    if (node.type === 'TSTypeReference' && node.typeName.name) tell(node.typeName.name);
    else if (node.type === 'TSTypeQuery' && node.exprName.name) tell(node.exprName.name);
    else if (node.type === 'TSInterfaceHeritage' || node.type === 'TSClassImplements')
      tell(node.expression.name);
    else if (node.superClass?.name) tell(node.superClass.name);
    for (const value of Object.values(node)) walk(value, tell);
  }
}
