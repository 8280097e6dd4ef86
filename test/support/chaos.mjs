import { at, bin } from '../../scripts/lib/paths.mjs';
import { start } from '../../scripts/lib/processes.mjs';

/** What the result of a run says where nothing was wrong. */
export const NOTHING_WRONG = { lost: 0, doubled: 0, disordered: 0, unexplained: 0, violations: [] };

/** Runs of a mutant, each under another seed, in which it has to be found once. */
const ATTEMPTS = 3;

/**
 * Runs the suite on a gateway that is broken until it is found out: where a fault has to fall into a gap of
 * milliseconds, one run may miss it.
 *
 * @param {string} mutant
 * @param {number} seed of the first run; the next ones count on
 * @param {string[]} kinds what the oracle may call it
 * @returns {Promise<string | undefined>} nothing where it was found; else what the runs said
 */
export async function missed(mutant, seed, kinds, ...args) {
  const said = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const result = await chaos('--mutant', mutant, '--seed', `${seed + attempt}`, ...args);
    if (result.code === 1 && kinds.some((kind) => result[kind] > 0)) return undefined;
    said.push(result.said);
  }
  return said.join('\n');
}

/** Runs the suite as people do; its last line is the result. */
export async function chaos(...args) {
  const process = start(bin('node'), [at('scripts/chaos.mjs'), ...args, '--json'], { name: 'chaos' });
  let said = '';
  process.hear((chunk) => {
    said += chunk;
  });
  const { code } = await process.exited;
  const last = said.trimEnd().split('\n').at(-1);
  if (!last.startsWith('{')) throw new Error(`No result, but: ${said}`);
  return { code, said, ...JSON.parse(last) };
}
