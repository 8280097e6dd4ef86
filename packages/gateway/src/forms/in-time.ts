import vm from 'node:vm';
import { RealtimeError } from '@netbuild/realtime-protocol';

/**
 * Milliseconds that the check of a form has, at its first try and those that follow: whoever writes a pattern or an
 * expression may not know how long it takes with what is made for it. It is the wall's time, so on a machine that is
 * held up a good one needs another try.
 */
const TRIES = [50, 100, 400];

const context = vm.createContext(Object.create(null) as Record<string, unknown>);
const script = new vm.Script('ask()');

/**
 * What is asked comes to, given up where that takes too long.
 *
 * @param ask changes nothing: it may be ended anywhere, and asked again
 * @throws RealtimeError `form_unsupported`
 */
export function inTime<T>(ask: () => T): T {
  context.ask = ask;
  for (const timeout of TRIES) {
    try {
      return script.runInContext(context, { timeout }) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    }
  }
  throw new RealtimeError('form_unsupported', { message: 'The form takes too long to check.' });
}
