import { measureHandshakes } from './auth/handshakes.mjs';
import { measureRegaining, SOCKETS } from './auth/regaining.mjs';
import { openFolder } from './lib/folder.mjs';

export const about = `what permissions cost: handshakes with a token each, beside stock Socket.IO, and ${SOCKETS} sockets that all lose a room, and regain it`;

/** Each takes a folder of its own, and answers with `samples` and `results`. */
const MEASUREMENTS = [measureHandshakes, measureRegaining];

export async function run() {
  const folder = openFolder('auth');
  const samples = {};
  const results = [];
  for (const measure of MEASUREMENTS) {
    const measured = await measure(folder);
    Object.assign(samples, measured.samples);
    results.push(...measured.results);
  }
  return { samples, results };
}
