import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Plays the faults of a plan, each at its time, whatever else is under way.
 *
 * @param {object[]} faults
 * @param {{ node: object, proxies: object[], publishers: object }} on
 * @returns {Promise<{ index: number, target: unknown, kind: string, begun: number, ended: number }[]>} when each took place
 */
export async function inject(faults, { node, proxies, publishers }) {
  const begun = Date.now();
  const played = [];
  await Promise.all(
    faults.map(async (fault) => {
      await sleep(begun + fault.at - Date.now());
      const proxy = fault.target === 'publishers' ? publishers : proxies[fault.target];
      const note = { index: fault.index, target: fault.target, kind: fault.kind, begun: Date.now() };
      played.push(note);
      await PLAYS[fault.kind](fault, { node, proxy });
      note.ended = Date.now();
    }),
  );
  return played;
}

const PLAYS = {
  kill: ({ lasts }, { node }) => node.kill(() => sleep(lasts)),
  replace: (_fault, { node }) => node.replace(),
  freeze: ({ lasts }, { node }) => node.freeze(() => sleep(lasts)),
  cut: (_fault, { proxy }) => proxy.cut(),
  async delay({ lasts, by }, { proxy }) {
    proxy.delay(by);
    await sleep(lasts);
    proxy.delay(0);
  },
  async 'half-open'({ lasts }, { proxy }) {
    const end = proxy.halfOpen();
    await sleep(lasts);
    end();
  },
  async stall({ lasts }, { proxy }) {
    const end = proxy.stall();
    await sleep(lasts);
    end();
  },
};
