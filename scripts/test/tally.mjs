import { say } from '../lib/say.mjs';
import { step, tell } from '../lib/step.mjs';

/** More than these are one fault, seen in many places. */
const NAMED = 20;

const inset = (text) => text.replace(/^(?=.)/gm, '  ');

/** Adds up what ran. A failure is remembered and the rest still runs, so that one run shows all. */
export function createTally() {
  const total = { passed: 0, failed: 0 };
  const failures = [];
  return {
    /** Runs one thing that counts as one. */
    async check(name, work) {
      try {
        await step(name, work);
        total.passed++;
      } catch (error) {
        tell(error);
        total.failed++;
        failures.push(name);
      }
    },
    /** Runs something that counts its own tests, and names those that failed. */
    async suite(name, work) {
      try {
        const { passed, failed, skipped, failures: failing } = await step(name, work);
        total.passed += passed;
        total.failed += failed;
        say(`  ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
        if (failed > 0) failures.push(name, ...failing.slice(0, NAMED).map(inset));
        if (failing.length > NAMED) failures.push(inset(`and ${failing.length - NAMED} more`));
      } catch (error) {
        tell(error);
        total.failed++;
        failures.push(name);
      }
    },
    get failed() {
      return total.failed;
    },
    /** What failed and why, said again where one looks first, and the line that everything ends with. */
    get lines() {
      const ends = `${total.passed} passed, ${total.failed} failed`;
      return failures.length > 0 ? ['failed:', ...failures.map(inset), ends] : [ends];
    },
  };
}
