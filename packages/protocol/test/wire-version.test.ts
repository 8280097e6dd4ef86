import { expect, test } from 'vitest';
import { LOG_SCHEMA, WIRE_VERSION } from '../src/index.ts';
import { AGREED } from './support/wire-agreed.ts';
import { wireShapes } from './support/wire-shapes.ts';

const HOW = `The wire has changed. Clients and relays of the version before are still out there, so decide:

- Is it additive (something more that the others may ignore or leave out)? Then WIRE_VERSION stays.
- Is anything gone, renamed, narrower, or now needed? Then raise WIRE_VERSION in src/wire.ts.
- Is it a row, and do rows that stand in logs no longer fit? Then also raise the version of LOG_SCHEMA in
  src/log-schema.ts, and lift them there.

In any case write it down in test/support/wire-agreed.ts:`;

test('nothing on the wire changes by accident', () => {
  const now = wireShapes();
  const { version, logSchema, shapes } = AGREED;
  const changed = [...new Set([...Object.keys(now), ...Object.keys(shapes)])].filter(
    (name) => now[name] !== shapes[name],
  );
  const lines = changed.map((name) =>
    now[name] ? `    '${name}': '${now[name]}',` : `    (no longer) '${name}'`,
  );
  if (version !== WIRE_VERSION) lines.unshift(`  version: ${WIRE_VERSION},`);
  if (logSchema !== LOG_SCHEMA.version) lines.unshift(`  logSchema: ${LOG_SCHEMA.version},`);
  if (lines.length > 0) expect.fail([HOW, ...lines].join('\n'));
});
