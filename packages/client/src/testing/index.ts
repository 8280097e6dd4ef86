// For tests and Storybook: not to be loaded by what people use.
export { createFakeClient, type FakeClient, type FakeOptions } from './fake-client.ts';
export type { FakeCommand } from './fake-command.ts';
export type { FakeEvent } from './fake-log.ts';
