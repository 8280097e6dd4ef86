/** How a declaration reads to whoever uses it: without its body, its value, and comments. */
export function signatureOf(declared) {
  const { nodes, outer } = declared;
  if (outer.type !== 'VariableDeclaration')
    return callable(nodes)
      .map((node) => head(declared, node))
      .join('\n');
  const [node] = nodes;
  const { init } = node;
  if (!init || node.id.typeAnnotation) return `const ${plain(declared, node.id.start, node.id.end)}`;
  if (init.body && /Function/.test(init.type))
    return `const ${plain(declared, node.start, init.body.start)}`.replace(/=\s+\(/, '= (');
  const value = plain(declared, init.start, init.end);
  return `const ${node.id.name} = ${value.length > 200 ? '…' : value}`;
}

/** Of several signatures those that callers see. */
const callable = (nodes) => (nodes.length > 1 ? nodes.filter(({ body }) => !body) : nodes);

function head(declared, node) {
  // What is said of the members of a union stands between them, and nowhere else.
  if (node.type === 'TSTypeAliasDeclaration')
    return plain(declared, node.start, node.end, ({ type }) => type === 'Line');
  if (/Interface|Class/.test(node.type)) return plain(declared, node.start, node.body.start);
  const end = /Function/.test(node.type) ? (node.body?.start ?? node.end) : node.end;
  return plain(declared, node.start, end).replace(/^async /, '');
}

/**
 * The members of an interface or a class that can be used from outside, each with its doc comment.
 * @returns {{ signature: string, doc: string | undefined }[]}
 */
export function membersOf(declared) {
  const [node] = declared.nodes;
  if (!/Interface|Class/.test(node.type)) return [];
  return node.body.body.filter(isPublic).map((member) => ({
    signature: plain(declared, member.start, endOf(member))
      .replace(/\s+/g, ' ')
      .replace(/\( /g, '(')
      .replace(/,? \)/g, ')'),
    doc: declared.docAt(member.start),
  }));
}

const isPublic = ({ type, key, accessibility, override }) =>
  type !== 'StaticBlock' &&
  key?.type !== 'PrivateIdentifier' &&
  accessibility !== 'private' &&
  accessibility !== 'protected' &&
  !override;

/** Where a member ends for its callers. */
function endOf({ end, value, typeAnnotation }) {
  if (value?.body) return value.body.start;
  if (value && typeAnnotation) return typeAnnotation.end;
  return end;
}

/** A piece of the source without its comments, and without what they leave behind. */
function plain({ text, comments }, start, end, isWaste = () => true) {
  const inside = comments.filter(
    (comment) => comment.start >= start && comment.end <= end && isWaste(comment),
  );
  let piece = '';
  let from = start;
  for (const comment of inside) {
    piece += text.slice(from, comment.start);
    from = comment.end;
  }
  return (piece + text.slice(from, end))
    .replace(/\n\s*\n/g, '\n')
    .trim()
    .replace(/(=>|[;,{])$/, '')
    .trim();
}
