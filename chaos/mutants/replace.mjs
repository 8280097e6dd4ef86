import { registerHooks } from 'node:module';

/**
 * Puts another module in the place of one of the gateway's, in the process that it is loaded into by `--import`: the
 * composition stays as it is served, and one part of it is broken. The stand-in takes the original by `?original`.
 *
 * @param {string} part path below the gateway's `src`
 * @param {string} standIn file beside this one
 */
export function replace(part, standIn) {
  const original = new URL(`../../packages/gateway/src/${part}`, import.meta.url).href;
  const instead = new URL(standIn, import.meta.url).href;
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      return found.url === original && context.parentURL !== instead ? { ...found, url: instead } : found;
    },
  });
}
