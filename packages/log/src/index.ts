export * from './log.ts';
export * from './log-error.ts';
export * from './redis/open.ts';
export * from './sqlite/open.ts';
