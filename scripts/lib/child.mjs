import { fork } from 'node:child_process';
import { mustEnd } from './cleanup.mjs';
import { bin } from './paths.mjs';
import { Problem } from './problem.mjs';
import { tailOf } from './say.mjs';

/**
 * Starts a process of our own that is told what to do by messages and answers each by one.
 * It ends when its parent does, since its channel closes then.
 *
 * @param {string} name as people call it
 * @param {URL} file
 * @param {(told: object) => void} [hear] hears what it tells unasked
 */
export function startChild(name, file, hear = () => {}) {
  const tail = tailOf();
  const child = fork(file, { execPath: bin('node'), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => tail.add(chunk));
  const waiting = new Map();
  let asked = 0;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const forget = mustEnd({
    name,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    kill: () => child.kill('SIGKILL'),
  });
  exited.then((code) => {
    forget();
    for (const { reject } of waiting.values())
      reject(new Problem(`The ${name} ended (${code}) while they were needed.`, { tail: tail.text }));
  });
  child.on('message', ({ answers, value, error, ...told }) => {
    if (answers === undefined) return hear(told);
    const { resolve, reject } = waiting.get(answers);
    waiting.delete(answers);
    if (error === undefined) resolve(value);
    else reject(new Problem(`The ${name} failed.`, { tail: error }));
  });
  return {
    ask(what, value) {
      const id = ++asked;
      const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      child.send({ id, what, value });
      return answer;
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The child's side: serves each kind of request; `tell` says something unasked. */
export function serveParent(requests) {
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ id, what, value }) => {
    try {
      process.send({ answers: id, value: await requests[what](value) });
    } catch (thrown) {
      process.send({ answers: id, error: thrown?.stack ?? String(thrown) });
    }
  });
}
