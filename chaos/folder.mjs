import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mustEnd } from '../scripts/lib/cleanup.mjs';
import { Problem } from '../scripts/lib/problem.mjs';

/**
 * The folder of a run's notes, which is gone with the run.
 *
 * @param {string} [keep] a folder that stays instead
 */
export async function openFolder(keep) {
  const folder = keep ?? (await mkdtemp(path.join(tmpdir(), 'chaos-')));
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Problem(`${folder} has something in it already.`);
  const remove = () => rm(folder, { recursive: true, force: true });
  const forget = keep ? () => {} : mustEnd({ name: 'folder of the run', stop: remove, kill: () => {} });
  return {
    folder,
    at: (name) => path.join(folder, name),
    async drop() {
      if (!keep) await remove().catch(() => {});
      forget();
    },
  };
}
