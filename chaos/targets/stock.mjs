import { fileURLToPath } from 'node:url';
import { bin } from '../../scripts/lib/paths.mjs';
import { startService } from '../../scripts/stack/service.mjs';

/**
 * Stock Socket.IO: with its connection state recovery in one process's memory, or several processes with one of its
 * two adapters for Redis.
 *
 * @param {{ log: string, adapter?: 'redis' | 'streams' }} options `log`: the scene that it plays in
 */
export const stock = ({ log, adapter }) => ({
  isStock: true,
  log,
  start({ id, port, env, output }) {
    const file = fileURLToPath(new URL('./stock-server.mjs', import.meta.url));
    return startService('Socket.IO server', bin('node'), [file], {
      env: { PORT: String(port), INSTANCE_ID: id, ...(adapter ? { ADAPTER: adapter, ...env } : {}) },
      log: output,
      ready: /listening on (http:\/\/[^\s"]+)/,
      timeout: 30_000,
    });
  },
});
