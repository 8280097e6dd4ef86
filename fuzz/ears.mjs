/** So much of what came before is kept, for what is cut in two by the network. */
const OVERLAP = 100;

/**
 * Listens to all that attackers are told: what belongs to somebody else must not be among it, nor may the gateway say
 * that something went wrong inside of it.
 *
 * @param {string[]} canaries words of those who work
 * @param {(kind: 'leaked' | 'internal', what: string) => void} report
 */
export function createEars(canaries, report) {
  return {
    /** One connection's; `about` says what was sent on it last. */
    open(name, about) {
      let before = '';
      return (chunk) => {
        const text = before + chunk.toString('latin1');
        for (const canary of canaries)
          if (text.includes(canary)) report('leaked', `${name} heard ${canary}: ${about()}`);
        if (/"code":\s*"internal"/.test(text)) {
          report('internal', `${name}, after ${about()}`);
          before = '';
        } else before = text.slice(-OVERLAP);
      };
    },
  };
}
