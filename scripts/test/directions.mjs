import path from 'node:path';
import { Problem } from '../lib/problem.mjs';
import { readImports } from './imports.mjs';

const OURS = '@netbuild/realtime-';

/**
 * What each package may import of ours when it runs; `type` stands for types alone, which any package may take
 * from those further down. The order is that of docs/architecture.md.
 */
const ALLOWED = {
  'packages/protocol': {},
  'packages/log': { protocol: 'all' },
  'packages/engine': { protocol: 'all' },
  'packages/gateway': { protocol: 'all', log: 'all', engine: 'all' },
  'packages/client': { protocol: 'type' },
  'packages/publisher': { protocol: 'type' },
  'packages/agent': { protocol: 'all', engine: 'all', publisher: 'all' },
  'packages/react': { client: 'all', protocol: 'type' },
  'apps/workstream': { react: 'all', client: 'type', protocol: 'type' },
};

/**
 * Inside the gateway a folder is a concern, and takes what it needs as arguments; types may come from anywhere.
 * These few helpers without state it may call in another one.
 */
const HELPERS = {
  cli: ['auth', 'config', 'dev'],
  config: ['auth'],
  http: ['auth', 'delivery'],
  ops: ['auth'],
  outbound: ['auth', 'delivery'],
  sockets: ['auth', 'delivery'],
};

/** Where the concerns are wired. Other files beside the folders are everybody's, and know no concern. */
const WIRING =
  /^packages\/gateway\/src\/(main|choose|gateway|index|websocket-gateway|camunda-event-bridge)\.ts$/;

/** What opens an implementation, and the one place that chooses among them. */
const IMPLEMENTATION = /^(open\w*Log|createEngineClient)$/;
const CHOOSER = 'packages/gateway/src/choose.ts';

/**
 * Checks that the arrows of the house point one way.
 * @throws {Problem} with every import that goes another way
 */
export function checkDirections() {
  const imports = readImports(Object.keys(ALLOWED).map((home) => `${home}/src`));
  const wrong = [...imports.map(judge).filter((sentence) => sentence !== undefined), ...circles(imports)];
  if (wrong.length > 0)
    throw new Problem(`${wrong.length} import(s) go the wrong way.`, { tail: wrong.join('\n') });
}

function judge(found) {
  const home = Object.keys(ALLOWED).find((folder) => found.file.startsWith(`${folder}/`));
  if (found.target !== undefined) {
    if (!found.target.startsWith(`${home}/`)) return `${found.file} reaches out of its package: ${found.to}`;
    return home === 'packages/gateway' ? judgeConcerns(found) : undefined;
  }
  if (!found.to.startsWith(OURS)) return;
  const [name] = found.to.slice(OURS.length).split('/');
  const allowed = ALLOWED[home][name];
  if (allowed === undefined) return `${found.file} must not import ${found.to}`;
  if (allowed === 'type' && !found.typeOnly) return `${found.file} may import types alone from ${found.to}`;
  const chosen = found.names?.find((taken) => IMPLEMENTATION.test(taken));
  if (chosen !== undefined && home === 'packages/gateway' && found.file !== CHOOSER) {
    return `${found.file} must not import ${chosen}: ${CHOOSER} alone chooses implementations`;
  }
}

function judgeConcerns({ file, target, to, typeOnly }) {
  if (WIRING.test(file)) return;
  const from = concern(file);
  const into = concern(target);
  if (WIRING.test(target)) return `${file} imports ${to}: nothing may import what wires everything`;
  if (into === undefined || from === into || typeOnly || HELPERS[from]?.includes(into)) return;
  return `${file} may import types alone from ${into}/: take the value as an argument`;
}

function concern(file) {
  const inside = path.relative('packages/gateway/src', file).split(path.sep);
  return inside.length > 1 ? inside[0] : undefined;
}

/** Files that need each other to load: each is told once, by its first file. */
function circles(imports) {
  const edges = new Map();
  for (const { file, target, typeOnly } of imports) {
    if (target !== undefined && !typeOnly) edges.set(file, [...(edges.get(file) ?? []), target]);
  }
  const state = new Map();
  const found = [];
  const visit = (file, trail) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      found.push(`a circle: ${[...trail.slice(trail.indexOf(file)), file].join(' → ')}`);
      return;
    }
    state.set(file, 'open');
    for (const target of edges.get(file) ?? []) visit(target, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}
