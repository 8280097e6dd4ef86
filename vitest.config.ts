import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What runs whole systems takes minutes, mostly of waiting: begun last, it would be waited for alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      moduleId.includes('.slow.test.') ? (moduleId.includes('/packages/') ? 1 : 0) : 2;
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.{ts,tsx}',
      'apps/*/test/**/*.test.{ts,tsx}',
      'test/**/*.test.{ts,mjs}',
    ],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A condition may take long on a busy machine; one that holds is seen at once.
    expect: { poll: { timeout: 10_000, interval: 10 } },
    // One more than there are processors on a small machine, since one of them waits as a rule.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
