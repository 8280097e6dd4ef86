import { createTail as createWhole } from '../../../packages/gateway/src/delivery/tail.ts';

/** A tail that takes every life of the log for the one that it began in, and so never goes back to a fork. */
export async function createTail(log, ...rest) {
  const { epoch, lives } = await log.head(rest[0]);
  const first = { epoch, lives };
  return createWhole(
    {
      head: async (domain) => ({ ...(await log.head(domain)), ...first }),
      read: async (...asked) => ({ ...(await log.read(...asked)), epoch }),
      watch: (watcher) => log.watch((domain, entries) => watcher(domain, entries, epoch)),
    },
    ...rest,
  );
}
