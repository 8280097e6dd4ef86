import { say } from '../lib/say.mjs';
import { step, tell } from '../lib/step.mjs';

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
    /** Runs something that counts its own tests. */
    async suite(name, work) {
      try {
        const { passed, failed, skipped } = await step(name, work);
        total.passed += passed;
        total.failed += failed;
        say(`  ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
        if (failed > 0) failures.push(name);
      } catch (error) {
        tell(error);
        total.failed++;
        failures.push(name);
      }
    },
    get failed() {
      return total.failed;
    },
    /** What failed, and the line that everything ends with. */
    get lines() {
      const names = failures.map((name) => `failed: ${name}`);
      return [...names, `${total.passed} passed, ${total.failed} failed`];
    },
  };
}
