import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteLog } from '../src/index.ts';
import type { LogUnderTest } from './contract/subject.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** An empty SQLite log in a folder of its own. */
export async function openSqliteUnderTest(): Promise<LogUnderTest> {
  const folder = await temporaryFolder();
  let log = await openSqliteLog({ directory: folder.path });
  return {
    log,
    async reopen(options) {
      await log.close();
      log = await openSqliteLog({ directory: folder.path, ...options });
      return log;
    },
    async stored() {
      const names = await readdir(folder.path);
      return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder.path, name)))));
    },
    async dispose() {
      await log.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
