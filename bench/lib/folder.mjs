import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { mustEnd } from '../../scripts/lib/cleanup.mjs';
import { CACHE } from '../../scripts/lib/paths.mjs';

/**
 * The folder of a measurement, which is gone when the measurement is. It is on the disk, and not on what /tmp may be:
 * often it is the disk that is measured.
 */
export function openFolder(name) {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(`${CACHE}/${name}-`);
  mustEnd({
    name: 'folder of the measurement',
    stop: async () => rmSync(folder, { recursive: true, force: true }),
    kill: () => {},
  });
  return folder;
}
