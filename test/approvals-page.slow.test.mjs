import { expect, test } from 'vitest';
import { approvalsIn } from '../packages/engine/src/reconcile/approvals.ts';
import { hasCurl, readPage, runExample, startServed, withoutLives } from './support/page.mjs';

const { text, examples } = await readPage('approvals.md');

test('what the page on approvals runs answers what stands below it', async ({ skip }) => {
  if (!(await hasCurl())) skip('There is no curl here.');
  // None is left out for being written another way.
  expect(examples.length).toBe([...text.matchAll(/^```(sh|js)$/gm)].length);
  expect(examples.length).toBeGreaterThan(3);
  const env = await startServed();
  for (const { language, code, answer } of examples) {
    // To count nothing is no failure.
    const { stdout } = await runExample({ language, code: `${code}true` }, env);
    expect(withoutLives(stdout)).toBe(withoutLives(answer));
  }
});

test('the user task of the page is an approval', () => {
  const [, xml] = /^```xml\n(<bpmn:userTask[\s\S]*?)^```$/m.exec(text);
  expect(Object.fromEntries(approvalsIn(xml))).toEqual({
    'approve-release': { settings: { reasonRequired: true }, isMany: false },
  });
});
