import { startGateway } from '../../scripts/stack/gateway.mjs';
import { DOMAIN } from '../load/cast.mjs';

/** The gateway of this repository, as it is served; a mutant breaks one part of it. */
export const ours = {
  isStock: false,
  start({ id, port, secret, key, env, output, mutant }) {
    return startGateway({
      env: {
        PORT: String(port),
        INSTANCE_ID: id,
        JWT_SECRET: secret,
        PUBLISH_KEY: key,
        DEFAULT_DOMAIN: DOMAIN,
        LOG_LEVEL: 'warn',
        ...env,
        ...(mutant
          ? { NODE_OPTIONS: `--import=${new URL(`../mutants/${mutant}.mjs`, import.meta.url)}` }
          : {}),
      },
      log: output,
    });
  },
};
