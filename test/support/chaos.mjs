import { at, bin } from '../../scripts/lib/paths.mjs';
import { start } from '../../scripts/lib/processes.mjs';

/** What the result of a run says where nothing was wrong. */
export const NOTHING_WRONG = { lost: 0, doubled: 0, disordered: 0, unexplained: 0, violations: [] };

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
