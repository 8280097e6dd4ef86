import { createPublish as createInOrder } from '../../../packages/gateway/src/ingest/publish.ts';

/** A publish that takes what came together in the wrong order. */
export function createPublish(...parts) {
  const publish = createInOrder(...parts);
  return (domain, facts, ...rest) => publish(domain, facts.toReversed(), ...rest);
}
