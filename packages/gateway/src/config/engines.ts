import { z } from 'zod';
import type { Config } from './config.ts';

/** Who tells what happens in an engine. */
export const CAPTURES = ['auto', 'plugin', 'rest', 'both'] as const;

/** How an engine is captured. */
export type CaptureMode = (typeof CAPTURES)[number];

const engine = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'an engine needs a name: letters, digits, and any of _ . -, at most 64'),
  url: z.url('an engine needs the URL of its REST API'),
  user: z.string().optional(),
  password: z.string().optional(),
  domain: z.string().min(1).max(64).optional(),
  capture: z.enum(CAPTURES).optional(),
});

/** The setting ENGINES. */
export const engineList = z
  .array(engine)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'two engines have one name');

/** An engine of the configuration. */
export interface EngineSettings {
  name: string;
  url: string;
  user: string | undefined;
  password: string | undefined;
  /** The domain of what has no tenant. */
  domain: string;
  capture: CaptureMode;
}

/** What the engine of CAMUNDA_URL is called, and the one that is meant where none is named. */
export const PLAIN_ENGINE = 'default';

/** All engines: those of ENGINES, and the plain one of CAMUNDA_URL. */
export function enginesOf(config: Config): EngineSettings[] {
  const { CAMUNDA_URL: url, CAMUNDA_USER: user, CAMUNDA_PASSWORD: password } = config;
  const plain =
    url === undefined ? [] : [{ name: PLAIN_ENGINE, url, user, password, capture: config.CAMUNDA_CAPTURE }];
  return [...plain, ...config.ENGINES].map(({ name, url, user, password, capture, ...more }) => ({
    name,
    url,
    user,
    password,
    domain: ('domain' in more ? more.domain : undefined) ?? config.DEFAULT_DOMAIN,
    capture: capture ?? 'auto',
  }));
}
