import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../lib/problem.mjs';
import { start } from '../lib/processes.mjs';

/**
 * Starts a server and waits for the line with which it says that it is ready.
 *
 * @param {string} name as people call it
 * @param {string} command
 * @param {string[]} args
 * @param {{ env: Record<string, string>, log: string, ready: RegExp, timeout: number, cwd?: string, signal?: string }} options
 *   `ready`: its first group is the address; `signal`: asks it to stop
 */
export async function startService(name, command, args, { env, log, ready, timeout, cwd, signal }) {
  mkdirSync(path.dirname(log), { recursive: true });
  const output = createWriteStream(log, { flags: 'a' });
  const child = start(command, args, { name, env, output, cwd, signal });
  const written = child.exited.then(() => new Promise((resolve) => output.end(resolve)));
  try {
    const url = await Promise.race([lineOf(child, ready), ended(child), late(name, timeout)]);
    return {
      ...child,
      url,
      log,
      /** Whoever has stopped it may read all that it has said. */
      async stop() {
        await child.stop();
        await written;
      },
    };
  } catch (error) {
    await child.stop();
    throw new Problem(`${error.message} Its log is ${path.relative(process.cwd(), log)}.`, {
      tail: child.tail.text,
    });
  }
}

function lineOf(child, pattern) {
  return new Promise((resolve) => {
    let text = '';
    child.hear((chunk) => {
      if (text === undefined) return;
      text += chunk;
      const found = pattern.exec(text);
      if (!found) return;
      text = undefined;
      resolve(found[1]);
    });
  });
}

async function ended({ name, exited }) {
  const { code, signal } = await exited;
  throw new Problem(`The ${name} ended (${signal ?? code}) instead of starting.`);
}

function late(name, timeout) {
  return new Promise((_, reject) => {
    setTimeout(
      () => reject(new Problem(`The ${name} was not ready after ${timeout / 1000} s.`)),
      timeout,
    ).unref();
  });
}
