export type { Backoff } from './backoff.ts';
export type { BufferLimits } from './buffer.ts';
export type { BatchLimits } from './delivery.ts';
export { PublishError, type PublishErrorCode, type PublishErrorDetails } from './error.ts';
export type {
  CustomEventOptions,
  EventOptions,
  PublishData,
  PublishedEvent,
  PublishOptions,
  PublishType,
  Rooms,
} from './event.ts';
export type { PublisherOptions } from './options.ts';
export { type Acknowledged, createPublisher, type Left, type Publisher } from './publisher.ts';
