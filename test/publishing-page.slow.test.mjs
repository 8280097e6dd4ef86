import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { at } from '../scripts/lib/paths.mjs';
import { hasCurl, readPage, runExample, startServed, withoutLives } from './support/page.mjs';

const { text, examples } = await readPage('publishing.md');

test('each command of the page on publishing answers what stands below it', async ({ skip }) => {
  if (!(await hasCurl())) skip('There is no curl here.');
  // None is left out for being written another way.
  expect(examples.length).toBe([...text.matchAll(/^```sh$/gm)].length);
  expect(examples.length).toBeGreaterThan(5);
  const env = await startServed();
  const said = [];
  for (const example of examples) said.push((await runExample(example, env)).stdout);
  expect(withoutLives(said.join('\n'))).toBe(withoutLives(examples.map(({ answer }) => answer).join('\n')));
});

test('the publisher of the page publishes, and its process ends by itself', async () => {
  const [, code] = /^```js\n([\s\S]*?)^```$/m.exec(text);
  const env = await startServed();
  expect(await runExample({ language: 'js', code }, env)).toEqual({ stdout: '', stderr: '' });
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
  const env = await startServed();
  const code = command.replace('http://localhost:3000', '$GATEWAY');
  const { stdout } = await runExample({ language: 'sh', code }, env);
  expect(JSON.parse(stdout)).toMatchObject({ id: '1', status: 'new', seq: 1 });
});
