import { describeLogContract } from './contract.ts';
import { openSqliteUnderTest } from './sqlite-under-test.ts';

describeLogContract('the SQLite log', openSqliteUnderTest);
