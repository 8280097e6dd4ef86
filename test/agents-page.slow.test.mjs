import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { at } from '../scripts/lib/paths.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';

const run = promisify(execFile);

test('the commands of the page on agents answer what stands below them', async ({ skip }) => {
  await run('curl', ['--version']).catch(() => skip('There is no curl here.'));
  const page = await readFile(at('docs/agents.md'), 'utf8');
  const [, command, answer] = /^```sh\n([\s\S]*?)^```\n\n```\n([\s\S]*?)^```$/m.exec(page);
  const folder = await mkdtemp(path.join(tmpdir(), 'agents-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [JWT_SECRET, PUBLISH_KEY] = [0, 1].map(() => randomBytes(32).toString('hex'));
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: { PORT: '0', DATA_DIR: path.join(folder, 'data'), JWT_SECRET, PUBLISH_KEY },
  });
  onTestFinished(() => gateway.stop());
  const env = { ...process.env, GATEWAY: gateway.url, PUBLISH_KEY };
  const { stdout } = await run('sh', ['-c', command], { env });
  const anyLife = (text) => text.replace(/(?<="epoch":")[^"]+/g, 'life');
  expect(anyLife(stdout)).toBe(anyLife(answer));
});
