import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

/** Starts a script that starts a process, which ignores being asked to stop and has a child of its own. */
async function startScript() {
  const script = spawn(process.execPath, [fileURLToPath(new URL('./support/stubborn.mjs', import.meta.url))]);
  onTestFinished(() => void script.kill('SIGKILL'));
  const pid = await new Promise((resolve) => script.stdout.on('data', (text) => resolve(Number(text))));
  return {
    script,
    exited: new Promise((resolve) => script.on('exit', (code) => resolve(code))),
    group: -pid,
  };
}

const isThere = (group) => {
  try {
    return process.kill(group, 0);
  } catch {
    return false;
  }
};

/** What has ended counts until its new parent has taken note. */
const untilGone = (group) => expect.poll(() => isThere(group), { timeout: 10_000 }).toBe(false);

test('Ctrl-C ends what a script has started, even what ignores being asked', async () => {
  const { script, exited, group } = await startScript();
  expect(isThere(group)).toBe(true);
  script.kill('SIGINT');
  expect(await exited).toBe(130);
  await untilGone(group);
});

test('a script that is killed outright leaves no process behind', async () => {
  const { script, exited, group } = await startScript();
  script.kill('SIGKILL');
  await exited;
  await untilGone(group);
});
