import vm from 'node:vm';
import { RealtimeError } from '@netbuild/realtime-protocol';

/**
 * Milliseconds that a pattern has, at its first try and those that follow: whoever writes one may not know how long
 * it takes with a text made for it. It is the wall's time, so on a machine that is held up a good one needs another try.
 */
const TRIES = [50, 100, 400];

const context = vm.createContext(Object.create(null) as Record<string, unknown>);
const script = new vm.Script('new RegExp(pattern).test(text)');

/** Whether a text is as a regular expression of a form says; it is given up where that takes too long. */
export function matches(pattern: string, text: string): boolean {
  Object.assign(context, { pattern, text });
  for (const timeout of TRIES) {
    try {
      return script.runInContext(context, { timeout }) as boolean;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    }
  }
  throw new RealtimeError('form_unsupported', {
    message: `The pattern ${pattern.slice(0, 100)} takes too long.`,
  });
}
