import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { Problem } from '../lib/problem.mjs';
import { say } from '../lib/say.mjs';
import { stageOf } from './packages.mjs';

/** The provider and all that answers with data. */
const HOOKS = [
  'WebSocketContext',
  'WebSocketProvider',
  'useAgents',
  'useCommand',
  'useEarlier',
  'useEvent',
  'useExecutions',
  'useHistory',
  'useIdentity',
  'useMessages',
  'usePresence',
  'useProcess',
  'useRoom',
  'useSayTyping',
  'useStatus',
  'useTasks',
  'useTyping',
  'useView',
  'useWebSocket',
];

/**
 * Bytes after gzip of our own code, minified, as a page loads it first: without what it depends on and without what
 * is fetched when it is needed. `takes`: what the page imports, the rest being shaken off. Change one only with a reason.
 */
const BUDGETS = [
  { name: 'client', folder: 'client', entries: ['index.js'], takes: ['createClient'], budget: 8_192 },
  {
    name: 'client that shows ahead',
    folder: 'client',
    entries: ['index.js'],
    take: '{ createClient, optimistic }',
    budget: 9_216,
  },
  {
    name: 'client, with all that it exports',
    folder: 'client',
    entries: ['index.js', 'plain-socket.js'],
    budget: 10_240,
  },
  { name: "client's core", folder: 'client', entries: ['core/index.js'], budget: 5_000 },
  // One file with socket.io-client in it, for pages without a bundler.
  { name: "client's bundle", folder: 'client', entries: ['browser.js'], budget: 24_000 },
  // Every page pays for these. A thin layer over the client has no reason to grow beyond half of it.
  { name: "react's provider and hooks", folder: 'react', entries: ['index.js'], takes: HOOKS, budget: 4_096 },
  // It speaks two languages, in which each thing that can happen and each refusal has words.
  {
    name: "react's chat",
    folder: 'react',
    entries: ['index.js'],
    takes: ['ReactiveWorkstreamChat'],
    budget: 20_000,
  },
  // Who takes all components has an app with a first load of 170 KB, of which this is not to be a quarter.
  { name: 'react', folder: 'react', entries: ['index.js'], budget: 40_000 },
];

/** @throws {Problem} where something has outgrown its budget */
export async function checkBudgets() {
  const over = [];
  for (const { name, folder, entries, takes, budget } of BUDGETS) {
    const files = entries.map((entry) => `${stageOf(folder)}/dist/${entry}`);
    const bytes = await size(files, takes);
    say(`  ${name}: ${bytes} of ${budget} bytes`);
    if (bytes > budget) over.push(`${name} has ${bytes} bytes, and its budget is ${budget}.`);
  }
  if (over.length > 0) throw new Problem(over.join(' '));
}

const PAGE = '\0page';

async function size(files, takes) {
  const taken = takes ? `{ ${takes.join(', ')} }` : '*';
  const page = files.map((file) => `export ${taken} from ${JSON.stringify(file)};`).join('');
  const bundle = await rolldown({
    input: PAGE,
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === PAGE ? id : undefined),
        load: (id) => (id === PAGE ? page : undefined),
      },
    ],
    external: (name) => name !== PAGE && !/^[./]/.test(name),
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const first = new Set(output.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // A set goes on to what is added while it is walked.
  for (const name of first)
    for (const other of chunks.get(name).imports) if (chunks.has(other)) first.add(other);
  return [...first].reduce((sum, name) => sum + gzipSync(chunks.get(name).code).length, 0);
}
