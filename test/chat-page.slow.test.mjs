import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { at, bin } from '../scripts/lib/paths.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';

const run = promisify(execFile);

test('each example of the page on chat prints what stands below it', async () => {
  const page = await readFile(at('docs/chat.md'), 'utf8');
  const examples = [...page.matchAll(/^```js\n([\s\S]*?)^```\n\n```\n([\s\S]*?)^```$/gm)];
  // None is left out for being written another way.
  expect(examples.length).toBe([...page.matchAll(/^```js$/gm)].length);
  expect(examples.length).toBeGreaterThan(3);
  const folder = await mkdtemp(path.join(tmpdir(), 'chat-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const JWT_SECRET = randomBytes(32).toString('hex');
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: { PORT: '0', DATA_DIR: path.join(folder, 'data'), JWT_SECRET },
  });
  onTestFinished(() => gateway.stop());
  const [ALICE, BOB] = ['alice', 'bob'].map((user) => tokenOf(JWT_SECRET, { user, domain: 'default' }));
  const env = { ...process.env, NODE_NO_WARNINGS: '1', GATEWAY: gateway.url, ALICE, BOB };
  for (const [, code, printed] of examples) {
    const { stdout } = await run(bin('node'), ['--input-type=module', '--eval', code], { env, cwd: at() });
    expect(stdout).toBe(printed);
  }
}, 60_000);
