import { openRedis } from './redis.mjs';
import { openSqlite } from './sqlite.mjs';

/** What the servers under test may stand on: how each is opened, and the scene that it makes. */
export const LOGS = {
  sqlite: { scene: { nodes: 1, isShared: false }, open: openSqlite },
  redis: { scene: { nodes: 3, isShared: true }, open: openRedis },
};
