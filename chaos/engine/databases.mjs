import { startPostgres } from '../../scripts/stack/postgres.mjs';
import { onNetwork } from '../faults/injector.mjs';
import { openProxy } from '../faults/proxy.mjs';

/**
 * What the engine's tables may be in. `hasNetwork`: it is a server of its own, and the way to it can be slow; `open`:
 * starts it, and tells the engine's environment and what can be done to it.
 */
export const DATABASES = {
  h2: {
    hasNetwork: false,
    open: async (at) => ({ env: { ENGINE_DATA_DIR: at('engine') }, plays: {}, end: async () => {} }),
  },
  postgres: {
    hasNetwork: true,
    async open(at) {
      const server = await startPostgres({ log: at('postgres.txt') });
      const line = await openProxy(server.port);
      return {
        env: {
          ENGINE_DATA_DIR: at('engine'),
          ENGINE_JDBC_URL: server.jdbcUrl.replace(`:${server.port}/`, `:${line.port}/`),
          ENGINE_JDBC_USER: server.user,
          ENGINE_JDBC_PASSWORD: server.password,
        },
        plays: onNetwork(line),
        async end() {
          line.close();
          await server.discard();
        },
      };
    },
  },
};
