import { expect, test } from 'vitest';
import { hasCurl, readPage, runExample, startServed, withoutLives } from './support/page.mjs';

test('the commands of the page on agents answer what stands below them', async ({ skip }) => {
  if (!(await hasCurl())) skip('There is no curl here.');
  const { text, examples } = await readPage('agents.md');
  expect(examples.length).toBe([...text.matchAll(/^```sh$/gm)].length);
  const env = await startServed();
  // A shell goes on with what stands above: one for all of the page.
  const code = examples.map((example) => example.code).join('');
  const { stdout } = await runExample({ language: 'sh', code }, env);
  expect(withoutLives(stdout)).toBe(withoutLives(examples.map(({ answer }) => answer).join('')));
});
