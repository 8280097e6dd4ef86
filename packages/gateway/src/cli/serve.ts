import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../config/config.ts';
import { developmentSettings } from '../dev/settings.ts';

/** What `serve` was asked for. */
export interface ServeCall {
  config: Config;
  /** Play the sample workstream. */
  isDev: boolean;
}

/** Reads the arguments of `serve`; flags go before the environment. */
export function readServeCall(args: string[], environment: NodeJS.ProcessEnv): ServeCall {
  const { values } = parseArgs({
    args,
    options: {
      dev: { type: 'boolean', default: false },
      host: { type: 'string' },
      port: { type: 'string' },
      'data-dir': { type: 'string' },
    },
  });
  const flags = { HOST: values.host, PORT: values.port, DATA_DIR: values['data-dir'] };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const settings = { ...(values.dev ? developmentSettings() : {}), ...environment, ...given };
  return { config: readConfig(settings), isDev: values.dev };
}
