import { parseArgs } from 'node:util';
import { Problem } from './problem.mjs';
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

/**
 * The value of an option that is a whole number.
 *
 * @param {string} name of the option
 * @param {string | undefined} given
 * @template T
 * @param {T} otherwise where it was not given
 * @returns {number | T}
 */
export function wholeNumber(name, given, otherwise) {
  if (given === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(given)) throw new Problem(`--${name} must be a whole number, not \`${given}\`.`);
  return Number(given);
}
