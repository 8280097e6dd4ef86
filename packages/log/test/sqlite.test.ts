import { openSqliteLog } from '../src/index.ts';
import { describeLogContract } from './contract.ts';
import { temporaryFolder } from './temporary-folder.ts';

describeLogContract('the SQLite log', async () => {
  const folder = await temporaryFolder();
  let log = await openSqliteLog({ directory: folder.path });
  return {
    log,
    async reopen() {
      await log.close();
      log = await openSqliteLog({ directory: folder.path });
      return log;
    },
    async dispose() {
      await log.close();
      await folder[Symbol.asyncDispose]();
    },
  };
});
