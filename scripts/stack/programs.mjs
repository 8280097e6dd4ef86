import { at, bin } from '../lib/paths.mjs';
import { startService } from './service.mjs';

/** Starts the programs of the demo's story; `env` is their configuration. They are back when they are at work. */
export function startPrograms({ env, log }) {
  return startService('programs', bin('node'), [at('scripts/demo/programs.mjs')], {
    env,
    log,
    ready: /programs at work for (\S+)/,
    timeout: 30_000,
  });
}
