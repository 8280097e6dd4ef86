import { expect, test } from 'vitest';
import { WIRE_VERSION } from '../src/index.ts';
import { AGREED } from './support/wire-agreed.ts';
import { wireShapes } from './support/wire-shapes.ts';

const HOW = `The wire has changed. Clients and relays of the version before are still out there, so decide:

- Is it additive (something more that the others may ignore or leave out)? Then WIRE_VERSION stays.
- Is anything gone, renamed, narrower, or now needed? Then raise WIRE_VERSION in src/wire.ts, and lift old rows when read.

In both cases write it down in test/support/wire-agreed.ts:`;

test('nothing on the wire changes by accident', () => {
  const now = wireShapes();
  const { version, shapes } = AGREED;
  const changed = [...new Set([...Object.keys(now), ...Object.keys(shapes)])].filter(
    (name) => now[name] !== shapes[name],
  );
  const lines = changed.map((name) =>
    now[name] ? `    '${name}': '${now[name]}',` : `    (no longer) '${name}'`,
  );
  if (version !== WIRE_VERSION) lines.unshift(`  version: ${WIRE_VERSION},`);
  if (lines.length > 0) expect.fail([HOW, ...lines].join('\n'));
});
