import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startBrowser } from '../scripts/lib/browser.mjs';
import { ROOT } from '../scripts/lib/paths.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { run } from '../scripts/lib/processes.mjs';
import { tarball, withNeeded } from '../scripts/pack/packages.mjs';
import { commandsOf, npmSettings, piecesOf, serve, watch } from './support/examples.mjs';
import { hasCurl } from './support/page.mjs';

const [GATEWAY, PAGE, PUBLISH, CHECK] = await commandsOf('docs/getting-started.md');
// What is waited for here is npm, and on a busy machine it takes its time.
vi.setConfig({ testTimeout: 400_000 });

const ADDRESS = /^(http:\/\/\S+)$/m;
const ends = [];
let home;
let env;
let gateway;
let browser;
let app;

// What a page tells a newcomer to do, in a home of their own; the other examples take their packages from there.
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'examples-'));
  ends.push(() => rm(home, { recursive: true, force: true }));
  const ports = [await freePort(), await freePort()];
  env = { ...(await npmSettings()), HOME: home };
  const own = { PORT: '0', CLIENT_URL: ports.map((port) => `http://localhost:${port}`).join(',') };
  gateway = await serve('gateway', GATEWAY, {
    cwd: ROOT,
    env: { ...env, ...own },
    log: home,
    ready: /listening on (http:\/\/\S+)/,
  });
  ends.push(() => gateway.stop());
  env.GATEWAY = gateway.url.replace('127.0.0.1', 'localhost');
  browser = await startBrowser();
  ends.push(() => browser.close());
  app = await serve('vite', PAGE, { cwd: ROOT, env, log: home, ready: /Local: +(http:\/\/\S+)/ });
  ends.push(() => app.stop());
  app.ports = ports;
}, 400_000);

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  vi.resetConfig();
});

/** Does what the README of an example says, with the packages that were made above. */
async function start(name, { port, ready, change = (command) => command }) {
  const commands = await commandsOf(`examples/${name}/README.md`);
  const command = commands
    .find((one) => one.startsWith('cp '))
    .replace(/^node scripts\/pack\.mjs --to (\S+) (\w+)$/m, (_, folder, wanted) => {
      const names = withNeeded([wanted]).map(({ manifest }) => path.basename(tarball(manifest)));
      return `mkdir ${folder} && cd ~/tasks/packages && cp ${names.join(' ')} ${folder}`;
    });
  const options = { cwd: ROOT, env: { ...env, PORT: `${port}` }, log: home, ready };
  return serve(name, change(command), options);
}

let count = 0;

/** Publishes a task for alice's group, in an execution of hers. */
async function publish(taskName) {
  const event = (type, data) => ({ specversion: '1.0', id: `test-${++count}`, source: 'test', type, data });
  const answer = await fetch(`${gateway.url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer a-key-for-development',
      'content-type': 'application/cloudevents-batch+json',
    },
    body: JSON.stringify([
      event('execution:created', { executionId: 'order-7', title: 'Order 7', participants: ['alice'] }),
      event('process:started', { processInstanceId: 'p7', businessKey: 'order-7' }),
      event('task:created', {
        taskId: `task-${count}`,
        taskName,
        processInstanceId: 'p7',
        candidates: { addGroups: ['developers'] },
      }),
    ]),
  });
  expect(await answer.json()).toMatchObject({ results: [{}, {}, { status: 'new' }] });
}

const shows = (page, text) => page.getByRole('listitem').filter({ hasText: text }).waitFor();

test('in ten minutes, by the page’s commands alone, a task that is published stands in a list, without a reload', async ({
  skip,
}) => {
  if (!(await hasCurl())) skip('There is no curl here.');
  const { page, faults, loads } = await watch(browser, app.url);
  await page.locator('[data-status=live]').waitFor();
  await run('sh', ['-ec', PUBLISH.replace('http://localhost:3000', gateway.url)]);
  await shows(page, 'Pack parcel 0815');
  // It is told why a task that was only published can not be claimed.
  const task = page.getByRole('listitem').filter({ hasText: 'Pack parcel 0815' });
  await task.getByRole('button', { name: 'Claim' }).click();
  await task.getByRole('alert').waitFor();
  expect([faults, loads()]).toEqual([[], 1]);
  await page.close();
});

test('what the page shows of the code stands in the files that it names', async () => {
  const pieces = await piecesOf('docs/getting-started.md');
  expect(pieces.length).toBeGreaterThan(2);
  for (const { file, code } of pieces)
    expect(await readFile(path.join(home, 'tasks', file), 'utf8')).toContain(code);
});

test('the React example is right in its types, can be built, and its own test passes', async () => {
  await run('npm', ['run', 'build'], { cwd: path.join(home, 'tasks'), env });
  await run('sh', ['-ec', CHECK], { cwd: path.join(home, 'tasks'), env });
});

test('one HTML page with one script shows a task that is published', async () => {
  const server = await start('plain-html', {
    port: app.ports[0],
    ready: ADDRESS,
    // As somebody would whose gateway is elsewhere.
    change: (command) =>
      command.replace('npm start', `sed -i 's|http://localhost:3000|${env.GATEWAY}|' index.html\nnpm start`),
  });
  const { page, faults, loads } = await watch(browser, server.url);
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
  await publish('Write the label');
  await shows(page, 'Write the label');
  expect([faults, loads()]).toEqual([[], 1]);
  await page.close();
  await server.stop();
});

test('a page that was rendered on a server is taken over without a mismatch; the server itself connects nowhere', async () => {
  const server = await start('server-rendering', { port: app.ports[1], ready: ADDRESS });
  expect(await (await fetch(server.url)).text()).toContain('<p role="status">connecting</p>');

  const { page, faults, loads } = await watch(browser, server.url);
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
  await publish('Send it off');
  await shows(page, 'Send it off');
  // The browser's own, and none of the server that has rendered the page twice by now.
  await expect.poll(connections).toBe(1);
  expect([faults, loads()]).toEqual([[], 1]);
  await page.close();
  await server.stop();
});

test('a program in Node prints a task that is published, and has said something', async () => {
  await publish('Ask for the address');
  const program = await start('node', {
    ready: /said, at position (\d+)/,
    change: (command) => command.replace('sample-1', 'order-7'),
  });
  let said = '';
  program.hear((chunk) => {
    said += chunk;
  });
  await publish('Call back');
  await expect.poll(() => said).toMatch(/^open: .*Ask for the address \(nobody\).*, Call back \(nobody\)/m);
  await program.stop();
});

/** How many sockets the gateway has open. */
async function connections() {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const found = text.matchAll(/^netbuild_connections\{.*\} (\d+)$/gm);
  return [...found].reduce((sum, [, open]) => sum + Number(open), 0);
}
