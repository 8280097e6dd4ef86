import { defineConfig } from 'vitest/config';

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
    maxWorkers: 2,
  },
});
