import { parseArgs } from 'node:util';
import { say } from './say.mjs';

/**
 * Reads a script's arguments. Unknown ones are refused, with the help.
 *
 * @param {string} help what `--help` prints
 * @param {import('node:util').ParseArgsConfig['options']} options
 * @param {boolean} [positionals] whether words without dashes are meant
 */
export function readOptions(help, options, positionals = false) {
  try {
    const read = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: positionals,
    });
    if (!read.values.help) return { ...read.values, names: read.positionals };
    say(help.trim());
    process.exit(0);
  } catch (error) {
    say(error.message);
    say();
    say(help.trim());
    process.exit(2);
  }
}
