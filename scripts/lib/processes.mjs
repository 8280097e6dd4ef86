import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLast, mustEnd, unlessInterrupted } from './cleanup.mjs';
import { at, ROOT } from './paths.mjs';
import { Problem } from './problem.mjs';
import { tailOf } from './say.mjs';

/** How long a process may take to stop when asked, in milliseconds. */
const GRACE = 8000;

/** The runtime that the installation brought stands before the machine's own. */
const environment = () => ({
  ...process.env,
  PATH: `${at('node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
});

/**
 * Starts a command in a process group of its own, so that it and whatever it starts can be ended together,
 * and a Ctrl-C in the terminal reaches the script alone, which then stops its children in order.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ name?: string, cwd?: string, env?: Record<string, string>, output?: import('node:fs').WriteStream, show?: boolean, grace?: number, signal?: string }} [options]
 *   `output`: a file for what it says; `show`: pass it on to the terminal as it comes; `signal`: asks it to stop,
 *   default SIGTERM
 */
export function start(command, args, options = {}) {
  const name = options.name ?? path.basename(command);
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...environment(), ...options.env },
    detached: true,
    stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
  });
  const tail = tailOf();
  const hearers = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      tail.add(chunk);
      options.output?.write(chunk);
      for (const hear of hearers) hear(chunk);
    });
  }
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: error.code === 'ENOENT' ? 127 : 126, error }));
    child.once('close', (code, signal) => resolve({ code: code ?? 128, signal }));
  });
  const told = exited.then(unlessInterrupted);
  if (child.pid === undefined)
    return { name, exited: told, tail, stop: async () => {}, kill() {}, hear() {} };

  const { pid } = child;
  guard().stdin.write(`+${pid}\n`);
  let ended = false;
  const kill = (signal = 'SIGKILL') => {
    try {
      process.kill(-pid, signal);
    } catch {
      // the whole group has ended
    }
  };
  const stop = async () => {
    if (ended) return;
    kill(options.signal ?? 'SIGTERM');
    const timer = setTimeout(kill, options.grace ?? GRACE);
    await exited;
    clearTimeout(timer);
  };
  const forget = mustEnd({ name, stop, kill });
  exited.then(() => {
    ended = true;
    kill(); // what it may have left in its group
    guard().stdin.write(`-${pid}\n`);
    forget();
  });
  return { name, pid, exited: told, tail, stop, kill, hear: (hearer) => hearers.add(hearer) };
}

/**
 * Runs a command to its end.
 * @throws {Problem} where it fails, with the command and the tail of what it said
 */
export async function run(command, args, options = {}) {
  const child = start(command, args, options);
  const { code, error } = await child.exited;
  if (code === 0) return child.tail.text;
  const line = [path.basename(command), ...args].join(' ');
  const why = error ? error.message : `it ended with ${code}`;
  throw new Problem(`\`${line}\` failed: ${why}.`, { tail: child.tail.text });
}

let guarding;

function guard() {
  if (guarding) return guarding;
  guarding = spawn(process.execPath, [fileURLToPath(new URL('./guard.mjs', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = new Promise((resolve) => guarding.once('exit', resolve));
  guarding.unref();
  guarding.stdin.unref();
  guarding.stdin.on('error', () => {}); // without its guard the script still works
  endLast(async () => {
    guarding.ref();
    guarding.stdin.end();
    guarding = undefined;
    await gone;
  });
  return guarding;
}
