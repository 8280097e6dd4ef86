import { endAll } from './cleanup.mjs';
import { Problem } from './problem.mjs';
import { say } from './say.mjs';
import { tell } from './step.mjs';

/** Runs a script: whatever it started is ended with it, and its exit code is what `work` returns (nothing: 0). */
export async function main(work) {
  watchParent();
  let code;
  try {
    code = (await work()) ?? 0;
  } catch (error) {
    if (error instanceof Problem || error?.name === 'Problem') {
      if (error.tail) tell(error);
      else say(error.message);
    } else tell(error);
    code = 1;
  }
  await endAll();
  process.exit(code);
}

/** npm, killed outright, can't tell us; without it nobody would stop what we run. */
function watchParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}
