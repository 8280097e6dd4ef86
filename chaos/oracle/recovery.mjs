/**
 * How long clients took to be live again: from the end of the last fault that could have hit an outage, or from the
 * outage where none ended in it, to the client's being live. `fromAttempt` counts from the first attempt after that.
 *
 * @param {{ index: number, statuses: { state: string, at: number }[] }[]} clients
 * @param {{ target: string, ended: number }[]} taken
 */
export function recoveriesOf(clients, taken) {
  const times = [];
  const fromAttempt = [];
  for (const { index, statuses } of clients) {
    const ends = taken
      .filter(({ target }) => !/^(client|publishers)/.test(target) || target === `client-${index}`)
      .map(({ ended }) => ended)
      .sort((a, b) => a - b);
    let lostAt;
    let attempts = [];
    let wasLive = false;
    for (const { state, at } of statuses) {
      if (state === 'live') {
        if (lostAt !== undefined) {
          const end = ends.findLast((one) => one >= lostAt && one <= at) ?? lostAt;
          times.push(at - end);
          fromAttempt.push(at - (attempts.find((one) => one >= end) ?? at));
        }
        lostAt = undefined;
        attempts = [];
        wasLive = true;
      } else if (wasLive && state !== 'catching-up') {
        lostAt ??= at;
        if (state === 'connecting') attempts.push(at);
      }
    }
  }
  return { times, fromAttempt };
}
