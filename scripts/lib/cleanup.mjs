import { say } from './say.mjs';

/**
 * What has to end when the script ends, in the order in which it was begun.
 * @type {{ name: string, stop: () => Promise<unknown>, kill: () => void }[]}
 */
const open = [];

/** What ends when all of those have. @type {(() => Promise<unknown>)[]} */
const last = [];

let stopping;

/** Remembers something that must not outlive the script; returns the way to forget it. */
export function mustEnd(entry) {
  watchSignals();
  open.push(entry);
  return () => forget(entry);
}

function forget(entry) {
  const index = open.indexOf(entry);
  if (index >= 0) open.splice(index, 1);
}

/** Remembers something that is needed until everything else has ended. */
export const endLast = (end) => last.push(end);

/** Ends everything, last begun first. Calling it again waits for the first call. */
export function endAll() {
  stopping ??= (async () => {
    while (open.length > 0) {
      const entry = open.at(-1);
      await entry.stop().catch(() => entry.kill());
      forget(entry); // not before: a second Ctrl-C kills what is still here
    }
    while (last.length > 0) await last.pop()();
    stopping = undefined;
  })();
  return stopping;
}

/** When the script was told to stop. */
let interrupted;

/** Passes a value on, unless the script was told to stop: then what it was doing stands still until it has. */
export const unlessInterrupted = (value) => (interrupted !== undefined ? new Promise(() => {}) : value);

let watching = false;

/** Ctrl-C and its kin end everything in order; a second one does it at once. */
function watchSignals() {
  if (watching) return;
  watching = true;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.on(signal, () => {
      // One Ctrl-C comes twice under npm: from the terminal, and passed on by npm.
      if (Date.now() - interrupted < 500) return;
      if (interrupted !== undefined) process.exit(code); // the `exit` handler below kills
      interrupted = Date.now();
      if (open.length > 0) say('\nStopping … (once more to force it)');
      // A terminal's Ctrl-C reaches npm too, which may close our output before we are done.
      process.stdout.on('error', () => {});
      endAll().finally(() => process.exit(code));
    });
  }
  process.on('exit', () => {
    for (const entry of open.reverse()) entry.kill();
  });
}
