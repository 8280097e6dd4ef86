import { z } from 'zod';
import { type UserList, userList } from '../auth/users.ts';

/** A configuration that can not be used; the message names the variable. */
export class ConfigError extends Error {}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'is no JSON' });
    return z.NEVER;
  }
});

/** Days, or parts of one. */
const days = z.coerce.number().min(0).max(36_500);

/** Every setting: name in the environment, meaning, default. `--help` is made of it. */
export const SETTINGS = {
  HOST: { doc: 'address to listen on', schema: z.string().default('127.0.0.1') },
  PORT: {
    doc: 'port to listen on; 0: a free one',
    schema: z.coerce.number().int().min(0).max(65_535).default(3000),
  },
  DATA_DIR: { doc: 'folder of the embedded log', schema: z.string().min(1).default('./data') },
  REDIS_URL: {
    doc: 'when set, the log is in this Redis (7 or later), which any number of gateways may share',
    schema: z
      .string()
      .regex(/^rediss?:\/\/./, 'must begin with redis:// or rediss://')
      .optional(),
  },
  INSTANCE_ID: {
    doc: "this node's name: in its log lines and figures (default: host and process), and before the ids of its sessions, by which a proxy finds it (default: not there)",
    schema: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'must be letters, digits, and any of _ . -, at most 64')
      .optional(),
  },
  JWT_SECRET: {
    doc: 'shared secret of the tokens (HS256), at least 32 bytes',
    schema: z.string().refine((text) => Buffer.byteLength(text) >= 32, 'must have at least 32 bytes'),
  },
  PUBLISH_KEY: {
    doc: 'key of publishers and of the plugin; without it nobody can publish over HTTP',
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
  },
  METRICS_KEY: {
    doc: 'key of who may ask for /metrics; without it, only who asks from the same machine may',
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
  },
  CLIENT_URL: { doc: 'allowed origins beside the own, separated by commas', schema: list.default([]) },
  CAMUNDA_URL: {
    doc: "the engine's REST API; without it commands to the engine are refused",
    schema: z.url().optional(),
  },
  CAMUNDA_USER: { doc: 'account at the engine', schema: z.string().optional() },
  CAMUNDA_PASSWORD: { doc: 'its password', schema: z.string().optional() },
  TASK_EVENTS: {
    doc: 'on, off: whether external tasks of the topic __task-event__ are worked off',
    schema: z.enum(['on', 'off']).default('on'),
  },
  DEFAULT_DOMAIN: {
    doc: 'domain of what names no tenant',
    schema: z.string().min(1).max(64).default('default'),
  },
  USERS: {
    doc: 'people that can log in at the gateway, as JSON: [{"user","password","groups","domain"?}]; for development',
    schema: json.pipe(userList).default([]),
  },
  APP_DIR: { doc: 'folder of a built web app to serve at /', schema: z.string().optional() },
  DRAIN_PER_SECOND: {
    doc: 'connections that are sent away in a second when the gateway stops',
    schema: z.coerce.number().positive().default(1000),
  },
  KEEP_EVENTS_DAYS: {
    doc: 'events older than so many days are forgotten, but for the last one of each row; 0: never. Readers of their own pace are waited for up to twice as long',
    schema: days.default(30),
  },
  KEEP_EVENTS: {
    doc: 'events beyond so many in a domain are forgotten in the same way; 0: no limit',
    schema: z.coerce.number().int().min(0).default(0),
  },
  KEEP_KEYS_DAYS: {
    doc: 'for so many days a fact that is sent again is known; older ones are refused over HTTP',
    schema: days.positive().default(7),
  },
  KEEP_ENDED_DAYS: {
    doc: 'rows that ended so many days ago are removed, messages among them, and with them what rooms still show of that time; 0: never',
    schema: days.default(0),
  },
  LOG_LEVEL: {
    doc: 'trace, debug, info, warn, error or silent',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  },
} as const;

/** A checked configuration. */
export type Config = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['schema']> } & {
  USERS: UserList;
};

/** @throws {@link ConfigError} that names each variable at fault */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const config: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, { doc, schema }] of Object.entries(SETTINGS)) {
    // An empty variable is what compose files make of one that is not set.
    const parsed = (schema as z.ZodType).safeParse(environment[name] === '' ? undefined : environment[name]);
    if (parsed.success) config[name] = parsed.data;
    else
      faults.push(
        environment[name] ? `${name}: ${parsed.error.issues[0]!.message}` : `${name} is missing: ${doc}`,
      );
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config as Config;
}
