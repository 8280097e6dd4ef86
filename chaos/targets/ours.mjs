import { environmentOf } from '../../scripts/stack/compose.mjs';
import { startGateway } from '../../scripts/stack/gateway.mjs';
import { DOMAIN } from '../load/cast.mjs';

/** The gateway of this repository, as it is served; a mutant breaks one part of it. */
export const ours = {
  isStock: false,
  start({ id, port, secret, key, env, output, mutant }) {
    const settings = { JWT_SECRET: secret, PUBLISH_KEY: key, DEFAULT_DOMAIN: DOMAIN, LOG_LEVEL: 'warn' };
    return startGateway({
      env: {
        // As it is deployed; only where it listens, its name and its storage are the run's own.
        ...environmentOf('websocket-1', settings),
        HOST: '127.0.0.1',
        PORT: String(port),
        INSTANCE_ID: id,
        REDIS_URL: '',
        // All that publish are on one machine here, and go as fast as they can.
        LIMIT_HTTP_PUBLISHES: 'off',
        AUDIT: 'off',
        ...env,
        ...(mutant
          ? { NODE_OPTIONS: `--import=${new URL(`../mutants/${mutant}.mjs`, import.meta.url)}` }
          : {}),
      },
      log: output,
    });
  },
};
