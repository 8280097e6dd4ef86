export * from './log.ts';
export * from './log-error.ts';
