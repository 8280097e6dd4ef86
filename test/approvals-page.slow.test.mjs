import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { approvalsIn } from '../packages/engine/src/reconcile/approvals.ts';
import { at, bin } from '../scripts/lib/paths.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';

const run = promisify(execFile);
const page = await readFile(at('docs/approvals.md'), 'utf8');

/** What the page runs, each with the answer that stands below it. */
const examples = [...page.matchAll(/^```(sh|js)\n([\s\S]*?)^```\n\n```\n([\s\S]*?)^```$/gm)];

/** A gateway as it is served, and what a shell needs there. */
async function startPublished() {
  const folder = await mkdtemp(path.join(tmpdir(), 'approvals-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [JWT_SECRET, PUBLISH_KEY] = [0, 1].map(() => randomBytes(32).toString('hex'));
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: { PORT: '0', DATA_DIR: path.join(folder, 'data'), JWT_SECRET, PUBLISH_KEY },
  });
  onTestFinished(() => gateway.stop());
  const TOKEN = tokenOf(JWT_SECRET, { user: 'alice', groups: [], domain: 'default' });
  return { ...process.env, GATEWAY: gateway.url, PUBLISH_KEY, TOKEN };
}

const withoutLives = (text) => text.replace(/(?<="epoch":")[^"]+/g, 'life');

test('what the page on approvals runs answers what stands below it', async ({ skip }) => {
  await run('curl', ['--version']).catch(() => skip('There is no curl here.'));
  // None is left out for being written another way.
  expect(examples.length).toBe([...page.matchAll(/^```(sh|js)$/gm)].length);
  expect(examples.length).toBeGreaterThan(3);
  const env = await startPublished();
  for (const [, language, code, answer] of examples) {
    const [program, ...args] =
      language === 'sh' ? ['sh', '-c', `${code}true`] : [bin('node'), '--input-type=module', '--eval', code];
    const { stdout } = await run(program, args, { env, cwd: at() });
    expect(withoutLives(stdout)).toBe(withoutLives(answer));
  }
});

test('the user task of the page is an approval', () => {
  const [, xml] = /^```xml\n(<bpmn:userTask[\s\S]*?)^```$/m.exec(page);
  expect(Object.fromEntries(approvalsIn(xml))).toEqual({
    'approve-release': { settings: { reasonRequired: true }, isMany: false },
  });
});
