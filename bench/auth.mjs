import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { mustEnd } from '../scripts/lib/cleanup.mjs';
import { CACHE } from '../scripts/lib/paths.mjs';
import { measureHandshakes } from './auth/handshakes.mjs';
import { measureRegaining, SOCKETS } from './auth/regaining.mjs';

export const about = `what permissions cost: handshakes with a token each, beside stock Socket.IO, and ${SOCKETS} sockets that all lose a room, and regain it`;

/** Each takes a folder of its own, and answers with `samples` and `results`. */
const MEASUREMENTS = [measureHandshakes, measureRegaining];

export async function run() {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(`${CACHE}/auth-`);
  mustEnd({
    name: 'folder of the measurement',
    stop: async () => rmSync(folder, { recursive: true, force: true }),
    kill: () => {},
  });
  const samples = {};
  const results = [];
  for (const measure of MEASUREMENTS) {
    const measured = await measure(folder);
    Object.assign(samples, measured.samples);
    results.push(...measured.results);
  }
  return { samples, results };
}
