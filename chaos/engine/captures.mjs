/** One in so many answers of the engine's REST API stands in a proxy for so long before the gateway has it. */
const LATE = { oneIn: 4, least: 1000, most: 3000 };

/**
 * How what happens in the engine comes to the log.
 *
 * `hasPlugin`, `isAsked`: whether the engine has the plugin, and whether the gateway asks its REST API; `networks`:
 * those on the way, whose faults count; `late`: which answers of REST are late, so that what they say is often older
 * than the row; `lag`: milliseconds that the relay's bytes take, so that reconcile is as often ahead of it;
 * `exceptions`: what it says that it can not see.
 */
export const CAPTURES = {
  plugin: { hasPlugin: true, isAsked: false, networks: ['relay', 'relay', 'desk'], exceptions: none },
  rest: {
    hasPlugin: false,
    isAsked: true,
    networks: ['rest', 'rest', 'desk'],
    late: LATE,
    exceptions: between,
  },
  both: {
    hasPlugin: true,
    isAsked: true,
    networks: ['relay', 'rest', 'desk'],
    late: LATE,
    lag: 300,
    exceptions: none,
  },
};

/** All of it is seen. */
function none() {
  return { excepts: () => false, excepted: () => 0 };
}

/**
 * What was between two looks is not seen: of values that followed one another some may be missing, but for the last.
 * Each that is missing is counted.
 */
function between() {
  let excepted = 0;
  return {
    excepts(kind, wanted, told, { isLastToldOf = true } = {}) {
      if (kind !== 'lost') return false;
      const isList = Array.isArray(wanted);
      if (isList && isLastToldOf && wanted.at(-1) !== told.at(-1)) return false;
      excepted += isList ? wanted.length - told.length : wanted - told;
      return true;
    },
    excepted: () => excepted,
  };
}
