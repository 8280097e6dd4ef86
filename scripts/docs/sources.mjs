import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

/** Where the packages are, and what a program calls them. */
const PACKAGE = /^@netbuild\/realtime-([\w-]+)(\/.+)?$/;

/**
 * The modules of the packages below a root, each parsed once.
 *
 * @param {string} root the folder that `packages` lies in
 */
export function createSources(root) {
  const modules = new Map();
  const manifestOf = (folder) =>
    JSON.parse(readFileSync(path.join(root, 'packages', folder, 'package.json'), 'utf8'));

  /** A module, by its path from the root. */
  function moduleOf(file) {
    if (!modules.has(file)) modules.set(file, parse(file, readFileSync(path.join(root, file), 'utf8')));
    return modules.get(file);
  }

  /** The file that an import means; nothing where it is none of ours. */
  function resolve(from, specifier) {
    if (specifier.startsWith('.')) return path.join(path.dirname(from), specifier);
    const [, folder, entry = ''] = PACKAGE.exec(specifier) ?? [];
    const target = folder && manifestOf(folder).exports[`.${entry}`];
    return target && path.join('packages', folder, target);
  }

  /** Where a name is declared that a module exports; nothing where it is not ours. */
  function find(file, name) {
    const { exports, stars } = moduleOf(file);
    const found = exports.get(name);
    if (found?.local) return local(file, found.local);
    if (found) return follow(file, found.from, found.name);
    for (const star of stars) {
      const through = follow(file, star, name);
      if (through) return through;
    }
    return undefined;
  }

  const follow = (file, from, name) => {
    const target = resolve(file, from);
    return target && find(target, name);
  };

  /** Where a name is declared that stands in a module. */
  function local(file, name) {
    const { declarations, imports } = moduleOf(file);
    const declared = declarations.get(name);
    if (declared) return { ...declared, file, name };
    const imported = imports.get(name);
    return imported && follow(file, imported.from, imported.name);
  }

  /** Everything that a module exports, in its order: the name, and where it is declared. */
  function exportsOf(file) {
    const { exports, stars } = moduleOf(file);
    const own = [...exports.keys()].map((name) => ({ name, declared: find(file, name) }));
    const more = stars.flatMap((star) => {
      const target = resolve(file, star);
      return target ? exportsOf(target).filter(({ name }) => !exports.has(name)) : [];
    });
    return [...own, ...more];
  }

  return { moduleOf, manifestOf, local, exportsOf };
}

function parse(file, text) {
  const { program, module, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const docs = comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*'));
  /** The doc comment that stands before something, with at most a word to a tool between. */
  const docAt = (start) =>
    docs.findLast(({ end }) => end <= start && /^(\s|\/\/.*\n)*$/.test(text.slice(end, start)))?.value;

  const declarations = new Map();
  for (const statement of program.body) {
    const node = statement.declaration ?? statement;
    for (const [name, part] of named(node)) {
      const known = declarations.get(name);
      // Of a function with several signatures the last is how it is done, and no caller's concern.
      if (known) known.nodes.push(part);
      else
        declarations.set(name, {
          nodes: [part],
          outer: node,
          doc: docAt(statement.start),
          text,
          docAt,
          comments,
        });
    }
  }

  const exports = new Map();
  const stars = [];
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, importName, exportName, localName } of entries) {
      if (importName.kind === 'AllButDefault') stars.push(moduleRequest.value);
      else if (moduleRequest)
        exports.set(exportName.name, { from: moduleRequest.value, name: importName.name });
      else exports.set(exportName.name, { local: localName.name });
    }
  }
  const imports = new Map();
  for (const { moduleRequest, entries } of module.staticImports)
    for (const { importName, localName } of entries)
      imports.set(localName.value, { from: moduleRequest.value, name: importName.name });
  return { declarations, exports, stars, imports };
}

/** What a statement declares: names, each with its node. */
function named(node) {
  if (node.type === 'VariableDeclaration')
    return node.declarations.filter(({ id }) => id.name).map((part) => [part.id.name, part]);
  return node.id?.name ? [[node.id.name, node]] : [];
}
