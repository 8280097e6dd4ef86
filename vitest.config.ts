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

/** What is in a page whose team has stayed with React 18: the provider, the hooks and the chat. */
const PAGES_18 = ['packages/react/test/{provider,status,hooks,rows,rendering,original,chat}.test.tsx'];
const REACT_18 = new URL('test/react-18/node_modules/', import.meta.url).pathname;

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
        resolve: {
          alias: [
            { find: /^(?=react(?:-dom)?(?:\/|$))/, replacement: REACT_18 },
            // As a module: what is required is not led to another place.
            {
              find: '@testing-library/react',
              replacement: '@testing-library/react/dist/@testing-library/react.esm.js',
            },
          ],
        },
        test: {
          name: 'pages-18',
          include: PAGES_18,
          exclude: SLOW,
          env: { REACT: '18' },
          // What imports React itself has to find the other one, too.
          server: { deps: { inline: [/@testing-library/, /@tanstack/] } },
        },
      },
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
