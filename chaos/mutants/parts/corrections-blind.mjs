import { createPublish as createComparing } from '../../../packages/gateway/src/ingest/publish.ts';

/** A publish that takes a correction whatever has become of the row since it was seen. */
export function createPublish(...parts) {
  const publish = createComparing(...parts);
  return (domain, facts, ...rest) =>
    publish(
      domain,
      facts.map(({ asOf: _, ...fact }) => fact),
      ...rest,
    );
}
