export type { Schema } from './lifting.ts';
export * from './log.ts';
export * from './log-error.ts';
export { KEEP_KEYS, type LogOptions } from './options.ts';
export * from './redis/open.ts';
export * from './sqlite/open.ts';
export { MAX_WORD } from './words.ts';
