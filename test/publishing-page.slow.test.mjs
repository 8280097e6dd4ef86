import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { at, bin } from '../scripts/lib/paths.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';

const run = promisify(execFile);

/** A gateway as it is served, and what a shell needs to publish there. */
async function startPublished() {
  const folder = await mkdtemp(path.join(tmpdir(), 'publishing-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [JWT_SECRET, PUBLISH_KEY] = [0, 1].map(() => randomBytes(32).toString('hex'));
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: { PORT: '0', DATA_DIR: path.join(folder, 'data'), JWT_SECRET, PUBLISH_KEY },
  });
  onTestFinished(() => gateway.stop());
  return { ...process.env, GATEWAY: gateway.url, PUBLISH_KEY };
}

async function hasCurl() {
  return run('curl', ['--version']).then(
    () => true,
    () => false,
  );
}

const page = await readFile(at('docs/publishing.md'), 'utf8');

/** The commands of the page, each with the answer that stands below it. */
const examples = [...page.matchAll(/^```sh\n([\s\S]*?)^```\n\n```\n([\s\S]*?)^```$/gm)];

/** Which life a log is in is different each time; that all of a page's are the same is not. */
function withoutLives(text) {
  const lives = [];
  return text.replace(/(?<="epoch":")[^"]+/g, (epoch) => {
    if (!lives.includes(epoch)) lives.push(epoch);
    return `life ${lives.indexOf(epoch)}`;
  });
}

test('each command of the page on publishing answers what stands below it', async ({ skip }) => {
  if (!(await hasCurl())) skip('There is no curl here.');
  // None is left out for being written another way.
  expect(examples.length).toBe([...page.matchAll(/^```sh$/gm)].length);
  expect(examples.length).toBeGreaterThan(5);
  const env = await startPublished();
  const said = [];
  for (const [, command] of examples) said.push((await run('sh', ['-c', command], { env })).stdout);
  expect(withoutLives(said.join('\n'))).toBe(withoutLives(examples.map(([, , answer]) => answer).join('\n')));
});

test('the publisher of the page publishes, and its process ends by itself', async () => {
  const [, code] = /^```js\n([\s\S]*?)^```$/m.exec(page);
  const env = await startPublished();
  expect(await run(bin('node'), ['--input-type=module', '--eval', code], { env, cwd: at() })).toEqual({
    stdout: '',
    stderr: '',
  });
  const headers = {
    authorization: `Bearer ${env.PUBLISH_KEY}`,
    'content-type': 'application/cloudevents-batch+json',
  };
  const answer = await fetch(`${env.GATEWAY}/v1/events`, { method: 'POST', headers, body: '[]' });
  expect(await answer.json()).toMatchObject({ seq: 2 });
});

test('the command of the README publishes', async ({ skip }) => {
  if (!(await hasCurl())) skip('There is no curl here.');
  const readme = await readFile(at('README.md'), 'utf8');
  const [, command] = /^```sh\n(curl -X POST [\s\S]*?)^```$/m.exec(readme);
  const env = await startPublished();
  const { stdout } = await run('sh', ['-c', command.replace('http://localhost:3000', '$GATEWAY')], { env });
  expect(JSON.parse(stdout)).toMatchObject({ id: '1', status: 'new', seq: 1 });
});
