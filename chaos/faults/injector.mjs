import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that the faults may be ahead of the load, where the machine is too slow for its pace. */
const AHEAD = 3000;

/**
 * Plays the faults of a plan, each at its time, whatever else is under way.
 *
 * @param {{ faults: object[], duration: number }} plan
 * @param {Map<string, Record<string, (fault: object) => Promise<unknown>>>} targets what can be done to each
 * @param {() => number} done the part of the load that has been played
 * @returns {Promise<{ index: number, target: string, kind: string, begun: number, ended: number }[]>} when each took place
 */
export async function inject({ faults, duration }, targets, done) {
  const played = [];
  const playing = [];
  let failure;
  let time = 0;
  let last = Date.now();
  for (const fault of faults) {
    while (time < fault.at) {
      await sleep(10);
      const now = Date.now();
      time = Math.max(time, Math.min(time + now - last, done() * duration + AHEAD));
      last = now;
      if (failure) throw failure;
    }
    const over = play(fault).catch((error) => {
      failure ??= error;
    });
    playing.push(over);
  }
  await Promise.all(playing);
  if (failure) throw failure;
  return played;

  async function play(fault) {
    const { index, target, kind } = fault;
    const note = { index, target, kind, begun: Date.now() };
    played.push(note);
    await targets.get(target)?.[kind](fault);
    note.ended = Date.now();
  }
}

/** What can be done to a network. `usual`: milliseconds that each byte takes on it without a fault. */
export const onNetwork = (proxy, usual = 0) => ({
  cut: async () => proxy.cut(),
  async delay({ lasts, by }) {
    proxy.delay(usual + by);
    await sleep(lasts);
    proxy.delay(usual);
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
