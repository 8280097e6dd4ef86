import { test } from 'vitest';
import { expectLikeModel } from './log-property.ts';
import { openSqliteUnderTest } from './sqlite-under-test.ts';

test('the SQLite log does what its model does', () => expectLikeModel(openSqliteUnderTest));
