import { SUBJECT_KINDS } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { kindOf, type ListName } from '../src/row.ts';

const PLURALS: Partial<Record<string, string>> = { process: 'processes', activity: 'activities' };

test('every kind of subject has a list under the plural of its name', () => {
  for (const kind of SUBJECT_KINDS) expect(kindOf((PLURALS[kind] ?? `${kind}s`) as ListName)).toBe(kind);
});
