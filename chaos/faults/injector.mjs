import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Plays the faults of a plan, each at its time, whatever else is under way.
 *
 * @param {object[]} faults
 * @param {Map<string, Record<string, (fault: object) => Promise<unknown>>>} targets what can be done to each
 * @returns {Promise<{ index: number, target: string, kind: string, begun: number, ended: number }[]>} when each took place
 */
export async function inject(faults, targets) {
  const begun = Date.now();
  const played = [];
  await Promise.all(
    faults.map(async (fault) => {
      await sleep(begun + fault.at - Date.now());
      const { index, target, kind } = fault;
      const note = { index, target, kind, begun: Date.now() };
      played.push(note);
      await targets.get(target)?.[kind](fault);
      note.ended = Date.now();
    }),
  );
  return played;
}

/** What can be done to a network. */
export const onNetwork = (proxy) => ({
  cut: async () => proxy.cut(),
  async delay({ lasts, by }) {
    proxy.delay(by);
    await sleep(lasts);
    proxy.delay(0);
  },
  async 'half-open'({ lasts }) {
    const end = proxy.halfOpen();
    await sleep(lasts);
    end();
  },
  async stall({ lasts }) {
    const end = proxy.stall();
    await sleep(lasts);
    end();
  },
});

/** The same for the network between a server and its storage. */
export const onLine = (proxy) =>
  Object.fromEntries(Object.entries(onNetwork(proxy)).map(([kind, play]) => [`line-${kind}`, play]));

/** What can be done to a server. */
export const onNode = (node) => ({
  kill: ({ lasts }) => node.kill(() => sleep(lasts)),
  replace: () => node.replace(),
  freeze: ({ lasts }) => node.freeze(() => sleep(lasts)),
});

/** What can be done to nginx: as after a change of its configuration, new workers, while the old ones finish. */
export const onNginx = ({ pid }) => ({ 'nginx-reload': async () => process.kill(pid, 'SIGHUP') });
