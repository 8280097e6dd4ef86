import { randomUUID } from 'node:crypto';
import { createPublish as createExact } from '../../../packages/gateway/src/ingest/publish.ts';

/** A publish for which each fact is a new one, whatever its key. */
export const createPublish = (log, ...rest) =>
  createExact(
    new Proxy(log, {
      get(target, name) {
        if (name === 'append')
          return (domain, groups) =>
            target.append(
              domain,
              groups.map((group) => ({ ...group, key: `${group.key}-${randomUUID()}` })),
            );
        const value = target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
    ...rest,
  );
