import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { at, bin } from '../../scripts/lib/paths.mjs';
import { tokenOf } from '../../scripts/lib/token.mjs';
import { startGateway } from '../../scripts/stack/gateway.mjs';

const run = promisify(execFile);

/** A gateway as it is served, and what a shell or a program needs there: to publish, and to act as alice and as bob. */
export async function startServed() {
  const folder = await mkdtemp(path.join(tmpdir(), 'page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [JWT_SECRET, PUBLISH_KEY] = [0, 1].map(() => randomBytes(32).toString('hex'));
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: { PORT: '0', DATA_DIR: path.join(folder, 'data'), JWT_SECRET, PUBLISH_KEY },
  });
  onTestFinished(() => gateway.stop());
  const [ALICE, BOB] = ['alice', 'bob'].map((user) =>
    tokenOf(JWT_SECRET, { user, domain: 'default', groups: [] }),
  );
  return { ...process.env, GATEWAY: gateway.url, PUBLISH_KEY, TOKEN: ALICE, ALICE, BOB };
}

export async function hasCurl() {
  return run('curl', ['--version']).then(
    () => true,
    () => false,
  );
}

/** Runs what a page shows: a command (`sh`) or a program (`js`). */
export async function runExample({ language, code }, env) {
  const [file, args] =
    language === 'sh' ? ['sh', ['-c', code]] : [bin('node'), ['--input-type=module', '--eval', code]];
  return run(file, args, { env, cwd: at() });
}

/** The text of a page, and what it has to run, each with the answer that stands below it. */
export async function readPage(name) {
  const text = await readFile(at(`docs/${name}`), 'utf8');
  const found = text.matchAll(/^```(sh|js)\n((?:(?!```).*\n)*)```\n\n```\n([\s\S]*?)^```$/gm);
  return { text, examples: [...found].map(([, language, code, answer]) => ({ language, code, answer })) };
}

/** Which life a log is in is different each time; that all of a page's are the same is not. */
export function withoutLives(text) {
  const lives = [];
  return text.replace(/(?<="epoch":")[^"]+/g, (epoch) => {
    if (!lives.includes(epoch)) lives.push(epoch);
    return `life ${lives.indexOf(epoch)}`;
  });
}
