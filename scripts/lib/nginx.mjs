import { existsSync } from 'node:fs';
import { installPackages } from './debian.mjs';
import { Problem } from './problem.mjs';

const KNOWN = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'];

/** The nginx on this machine: the one that `NGINX` names, or one in a usual place. */
function findNginx() {
  const named = process.env.NGINX;
  if (named && !existsSync(named)) throw new Problem(`NGINX names ${named}, and there is no such file.`);
  return named || KNOWN.find((file) => existsSync(file));
}

/** The path of nginx; installs it where it is missing. */
export async function ensureNginx() {
  const found = findNginx();
  if (found) return found;
  await installPackages('nginx', 'nginx');
  return findNginx();
}
