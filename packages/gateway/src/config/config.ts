import { z } from 'zod';
import { issuerList } from '../auth/issuers.ts';
import { publisherList } from '../auth/publishers.ts';
import { roleList } from '../auth/roles.ts';
import { type UserList, userList } from '../auth/users.ts';
import { webhookList } from '../auth/webhooks.ts';
import { networkIn } from '../network.ts';
import { CAPTURES, engineList, PLAIN_ENGINE } from './engines.ts';
import { formValues } from './form-values.ts';
import { LIMIT_SETTINGS } from './limits.ts';
import { mongodbSourceList } from './mongodb.ts';
import { subscriptionList } from './subscriptions.ts';

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

/** As the driver takes it; a database is named, or everything would be in one called `test`. */
const mongodbUrl = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\/./, 'must begin with mongodb:// or mongodb+srv://')
  .regex(/^[^/]+\/\/[^/?]+\/[^/?]+/, 'must name a database after the host: mongodb://host/netbuild');

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
  MONGODB_URL: {
    doc: "NetBuild's database, with its name in the path: mongodb://user:password@host/netbuild?replicaSet=rs0 (MongoDB 6 or later)",
    schema: mongodbUrl.optional(),
  },
  MONGODB_SOURCES: {
    doc: 'collections of it whose changes become events, as JSON: [{"collection","name"?,"domain"?,"version"?,"time"?,"events":[{"type","on"?,"where"?,"data"?,"rooms"?}]}]; see mongodb.md',
    schema: json.pipe(mongodbSourceList).default([]),
  },
  INSTANCE_ID: {
    doc: "this node's name: in its log lines and figures (default: host and process), and before the ids of its sessions, by which a proxy finds it (default: not there)",
    schema: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'must be letters, digits, and any of _ . -, at most 64')
      .optional(),
  },
  JWT_SECRET: {
    doc: 'shared secret of the tokens (HS256), at least 32 bytes; needed where ISSUERS names nobody, and for USERS',
    schema: z
      .string()
      .refine((text) => Buffer.byteLength(text) >= 32, 'must have at least 32 bytes')
      .optional(),
  },
  ISSUERS: {
    doc: 'who else may make tokens, as JSON: [{"issuer","audience","domains","jwks"?,"algorithms"?,"clockTolerance"?,"claims"?,"insecure"?}]; see identity.md',
    schema: json.pipe(issuerList).default([]),
  },
  TOKEN_MAX_DAYS: {
    doc: 'tokens that live for more days are refused, and revocations are forgotten after so many; without it any life is taken, and revocations are kept for good',
    schema: z.coerce.number().positive().max(36_500).optional(),
  },
  LOGIN_ISSUER: {
    doc: 'the one of ISSUERS at which the web app logs people in (OpenID Connect, authorization code with PKCE)',
    schema: z.string().optional(),
  },
  LOGIN_CLIENT_ID: {
    doc: 'what the web app is called there: a public client that may be sent back to its address',
    schema: z.string().optional(),
  },
  LOGIN_SCOPE: {
    doc: 'what it asks for; many providers want offline_access beside it, or give nothing to renew the login with',
    schema: z.string().default('openid'),
  },
  LOGIN_RESOURCE: {
    doc: 'the audience that it asks tokens for (RFC 8707), where the provider goes by that',
    schema: z.string().optional(),
  },
  PUBLISH_KEY: {
    doc: 'key of publishers and of the plugin; without it nobody can publish over HTTP',
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
  },
  PUBLISHERS: {
    doc: 'more publishers, each bound to what it may publish, as JSON: [{"name","keys":[SHA-256 of a key, …],"types"?,"sources"?,"domains"?,"operator"?}]; see netbuild-realtime publisher-key',
    schema: json.pipe(publisherList).default([]),
  },
  WEBHOOKS: {
    doc: 'providers that may post to /v1/webhooks/NAME, as JSON: [{"name","scheme":"standard" or "stripe","secrets":[…],"domain"?,"source"?}]; see payments.md',
    schema: json.pipe(webhookList).default([]),
  },
  SUBSCRIPTIONS: {
    doc: 'services that are told what the log says by signed webhooks, as JSON: [{"name","url","secrets":[…],"types"?,"rooms"?,"domain"?,"retryHours"?}]; see webhooks.md',
    schema: json.pipe(subscriptionList).default([]),
  },
  METRICS_KEY: {
    doc: 'key of who may ask for /metrics; without it, only who asks from the same machine may',
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
  },
  CLIENT_URL: { doc: 'allowed origins beside the own, separated by commas', schema: list.default([]) },
  TRUSTED_PROXIES: {
    doc: 'addresses and networks of the proxies before this gateway, separated by commas; theirs alone is believed what X-Forwarded-For and X-Forwarded-Proto say',
    schema: list
      .refine(
        (all) => all.every((one) => networkIn(one)),
        'must be addresses, or networks such as 10.0.0.0/8',
      )
      .default([]),
  },
  CAMUNDA_URL: {
    doc: "the engine's REST API; without it commands to the engine are refused",
    schema: z.url().optional(),
  },
  CAMUNDA_USER: { doc: 'account at the engine', schema: z.string().optional() },
  CAMUNDA_PASSWORD: { doc: 'its password', schema: z.string().optional() },
  CAMUNDA_CAPTURE: {
    doc: 'who tells what happens in it: plugin, rest (reconcile alone), both (reconcile behind the plugin), or auto: both from the first word of a plugin on, and rest before',
    schema: z.enum(CAPTURES).default('auto'),
  },
  ENGINES: {
    doc: 'more engines, or all of them, as JSON: [{"name","url","user"?,"password"?,"domain"?,"capture"?}]; CAMUNDA_URL is one called default',
    schema: json.pipe(engineList).default([]),
  },
  POLL_INTERVAL_MS: {
    doc: 'milliseconds between looks of reconcile at what has happened lately; behind a plugin ten times as many',
    schema: z.coerce.number().int().min(10).default(1000),
  },
  SWEEP_INTERVAL_MS: {
    doc: 'milliseconds between sweeps: comparisons of all that is open in the engine and in the log',
    schema: z.coerce.number().int().min(100).default(300_000),
  },
  OVERLAP_MS: {
    doc: 'so many milliseconds of the past are looked at again, for transactions that commit late; what takes longer is found by the next sweep',
    schema: z.coerce.number().int().min(0).default(60_000),
  },
  RELAY_SILENCE_MS: {
    doc: 'milliseconds without a sign of the relay of a plugin after which reconcile no longer waits for its word',
    schema: z.coerce.number().int().min(100).default(120_000),
  },
  ENGINE_CONCURRENCY: {
    doc: 'questions that reconcile asks an engine at once',
    schema: z.coerce.number().int().min(1).max(100).default(4),
  },
  ENGINE_REQUESTS_PER_SECOND: {
    doc: 'questions that reconcile asks an engine in a second, at most',
    schema: z.coerce.number().positive().default(200),
  },
  TASK_EVENTS: {
    doc: 'on, off: whether external tasks of the topic __task-event__ are worked off',
    schema: z.enum(['on', 'off']).default('on'),
  },
  DEFAULT_DOMAIN: {
    doc: 'domain of what names no tenant',
    schema: z.string().min(1).max(64).default('default'),
  },
  USERS: {
    doc: 'people that can log in at the gateway, as JSON: [{"user","password","groups","roles"?,"domain"?}]; for development',
    schema: json.pipe(userList).default([]),
  },
  ROLES: {
    doc: 'what the roles of a token open, as JSON: {"operations": {"rooms": ["definition:*"], "commands": ["incident:retry"]}}; default: operations sees all definitions, processes and executions, and may send incident:retry; moderator may send message:delete for what others have said, where they take part',
    schema: json.pipe(roleList).optional(),
  },
  MESSAGE_EDIT_MINUTES: {
    doc: 'minutes for which people may edit what they have said; 0: not at all',
    schema: z.coerce.number().min(0).default(1440),
  },
  FORM_VALUES: {
    doc: 'the fields of forms whose values form:submitted tells, as JSON: {"KEY OF A FORM": ["FIELD", …]}; without it none',
    schema: json.pipe(formValues).optional(),
  },
  POLICY: {
    doc: 'file of a module with a policy of your own, which exports mayEnter, mayCommand or both (see docs/authorization.md)',
    schema: z.string().min(1).optional(),
  },
  ASK_ENGINE: {
    doc: 'seconds for which an answer of the engines counts, who are asked whether a person may see a process or a definition where the rows know no right (see docs/authorization.md); 0: they are not asked',
    schema: z.coerce.number().int().min(0).default(0),
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
    doc: 'rows that ended so many days ago are removed, and with them what rooms still show of that time; 0: never. Messages stay',
    schema: days.default(0),
  },
  AUDIT: {
    doc: 'on, off: whether each command and refusal is a line of the log, whatever LOG_LEVEL is',
    schema: z.enum(['on', 'off']).default('on'),
  },
  PRESENCE: {
    doc: 'on, off: whether people see who else is in an execution or a process, and who is writing',
    schema: z.enum(['on', 'off']).default('on'),
  },
  LOG_LEVEL: {
    doc: 'trace, debug, info, warn, error or silent',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  },
  ...LIMIT_SETTINGS,
} as const;

/** A checked configuration. */
export type Config = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['schema']> } & {
  USERS: UserList;
};

/**
 * Reads the settings of a gateway from an environment, and checks them; what is not set has its default.
 *
 * @throws {@link ConfigError} that names each variable at fault
 * @example const config = readConfig(process.env);
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const config: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, { doc, schema }] of Object.entries(SETTINGS)) {
    // An empty variable is what compose files make of one that is not set.
    const parsed = (schema as z.ZodType).safeParse(environment[name] === '' ? undefined : environment[name]);
    if (parsed.success) config[name] = parsed.data;
    else
      faults.push(
        environment[name] ? `${name}: ${faultOf(parsed.error.issues[0]!)}` : `${name} is missing: ${doc}`,
      );
  }
  faults.push(...identityFaults(config as Config));
  if (environment.CAMUNDA_URL && (config as Config).ENGINES?.some(({ name }) => name === PLAIN_ENGINE))
    faults.push('ENGINES: CAMUNDA_URL is the engine that is called default');
  if ((config as Config).MONGODB_SOURCES?.length > 0 && 'MONGODB_URL' in config && !environment.MONGODB_URL)
    faults.push('MONGODB_SOURCES: MONGODB_URL is missing, the database that they are in');
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config as Config;
}

/** What is wrong with a setting; of one that has parts, with which. Nothing of it is repeated: some are secrets. */
function faultOf({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

/** What is wrong with settings of who may come in that are right each by itself; one at fault says so itself. */
function identityFaults(config: Partial<Config>): string[] {
  const { JWT_SECRET, ISSUERS, USERS, LOGIN_ISSUER, LOGIN_CLIENT_ID } = config;
  const faults: string[] = [];
  if ('JWT_SECRET' in config && JWT_SECRET === undefined) {
    if (ISSUERS?.length === 0) faults.push(`JWT_SECRET is missing: ${SETTINGS.JWT_SECRET.doc}`);
    else if (USERS?.length) faults.push('USERS: JWT_SECRET is missing, by which their tokens are made');
  }
  if ((LOGIN_ISSUER === undefined) !== (LOGIN_CLIENT_ID === undefined))
    faults.push('LOGIN_ISSUER and LOGIN_CLIENT_ID: one is missing');
  if (LOGIN_ISSUER !== undefined && ISSUERS && !ISSUERS.some(({ issuer }) => issuer === LOGIN_ISSUER))
    faults.push('LOGIN_ISSUER: ISSUERS does not name it, so its tokens would not be taken');
  return faults;
}
