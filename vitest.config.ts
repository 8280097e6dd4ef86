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

/** What is shown in a page, or plays one, or puts something else in a module's place. */
const PAGES = ['packages/{client,react}/test/**/*.test.{ts,tsx}', 'apps/*/test/**/*.test.{ts,tsx}'];

/** What needs an engine, a browser or patience; `npm run test:fast` leaves it out. */
const SLOW = process.env.FAST_TESTS ? ['**/*.slow.test.*'] : [];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A condition may take long on a busy machine; one that holds is seen at once.
    expect: { poll: { timeout: 10_000, interval: 10 } },
    // One more than there are processors on a small machine, since one of them waits as a rule.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'pages', include: PAGES, exclude: SLOW } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.{ts,mjs}'],
          exclude: [...PAGES, ...SLOW],
          // Modules keep nothing of their own, so those of a gateway need not be loaded anew for each file.
          isolate: false,
        },
      },
    ],
  },
});
