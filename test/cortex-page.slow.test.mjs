import { expect, test } from 'vitest';
import { hasCurl, readPage, runExample, startServed, withoutLives } from './support/page.mjs';

test('each command of the page on Cortex answers what stands below it', async ({ skip }) => {
  if (!(await hasCurl())) skip('There is no curl here.');
  const { text, examples } = await readPage('cortex.md');
  // None is left out for being written another way.
  expect(examples.length).toBe([...text.matchAll(/^```(sh|js)$/gm)].length);
  expect(examples.length).toBeGreaterThan(5);
  const env = await startServed();
  const said = [];
  for (const example of examples) said.push((await runExample(example, env)).stdout);
  expect(withoutLives(said.join('\n'))).toBe(withoutLives(examples.map(({ answer }) => answer).join('\n')));
});
