export * from './log.ts';
export * from './log-error.ts';
export * from './sqlite/open.ts';
