/** How quickly it is told who is where, in milliseconds. Tests are quicker than people. */
export interface PresenceTiming {
  /** Between two looks at what is due. */
  tick: number;
  /** Between two words that a node is still there, while nothing changes. */
  beat: number;
  /** After its last word a node, and whoever is on it, is taken to be gone. */
  lease: number;
  /** Who comes back within it has not been away: a reload, a train's tunnel, a node that is restarted. */
  grace: number;
}

/** As people have it. */
export const PRESENCE_TIMING: PresenceTiming = { tick: 1000, beat: 5000, lease: 15_000, grace: 30_000 };
