import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';

/** Nobody in particular: an account that owns nothing. */
const ACCOUNT = { user: 'nobody', group: 'nogroup' };

/** A command as an account without rights runs it; as it is, where this account has none to give up. */
export function unprivileged(command, args) {
  if (process.getuid?.() !== 0) return [command, args];
  const { user, group } = ACCOUNT;
  return ['setpriv', ['--reuid', user, '--regid', group, '--clear-groups', command, ...args]];
}

/** Makes a folder that the account without rights may write to. */
export function unprivilegedFolder(folder) {
  mkdirSync(folder, { recursive: true });
  give(folder);
  return folder;
}

/** Writes a file for the eyes of the account without rights alone. */
export function unprivilegedFile(file, text) {
  writeFileSync(file, text, { mode: 0o600 });
  give(file);
}

function give(name) {
  if (process.getuid?.() === 0) chownSync(name, id('-u'), id('-g'));
}

const id = (which) => Number(spawnSync('id', [which, ACCOUNT.user], { encoding: 'utf8' }).stdout);
