export * from './engine-client.ts';
export * from './mapping.ts';
