import { openSqliteLog } from '../../packages/log/src/index.ts';

/**
 * The logs that a gateway of ours can stand on: its configuration, and the way to read it when the gateway has stopped.
 * `isStorageSafe`: what it has acknowledged it never loses.
 */
export const LOGS = {
  sqlite: {
    isStorageSafe: true,
    env: (directory) => ({ DATA_DIR: directory }),
    open: (directory) => openSqliteLog({ directory }),
  },
};
