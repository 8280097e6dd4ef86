import { startGateway } from '../../scripts/stack/gateway.mjs';
import { DOMAIN } from '../load/cast.mjs';

/** The gateway of this repository, as it is served; a mutant breaks one part of it. */
export const ours = {
  clients: new URL('../clients/process.mjs', import.meta.url),
  start({ port, secret, key, logEnv, output, mutant }) {
    return startGateway({
      env: {
        PORT: String(port),
        JWT_SECRET: secret,
        PUBLISH_KEY: key,
        DEFAULT_DOMAIN: DOMAIN,
        LOG_LEVEL: 'warn',
        ...logEnv,
        ...(mutant
          ? { NODE_OPTIONS: `--import=${new URL(`../mutants/${mutant}.mjs`, import.meta.url)}` }
          : {}),
      },
      log: output,
    });
  },
};
