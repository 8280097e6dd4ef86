import { hostname } from 'node:os';
import type { Config } from './config/config.ts';

/** What this node is called in its log lines and figures: INSTANCE_ID, or its host and process. */
export function instanceOf({ INSTANCE_ID }: Pick<Config, 'INSTANCE_ID'>): string {
  return INSTANCE_ID ?? `${hostname()}-${process.pid}`;
}
