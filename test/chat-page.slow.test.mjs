import { expect, test } from 'vitest';
import { readPage, runExample, startServed } from './support/page.mjs';

test('each example of the page on chat prints what stands below it', async () => {
  const { text, examples } = await readPage('chat.md');
  // None is left out for being written another way.
  expect(examples.length).toBe([...text.matchAll(/^```js$/gm)].length);
  expect(examples.length).toBeGreaterThan(3);
  const env = { ...(await startServed()), NODE_NO_WARNINGS: '1' };
  for (const example of examples) {
    const { stdout } = await runExample(example, env);
    expect(stdout).toBe(example.answer);
  }
}, 60_000);
