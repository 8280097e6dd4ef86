import { expect, onTestFinished } from 'vitest';
import {
  createPublisher,
  type PublishError,
  type Publisher,
  type PublisherOptions,
} from '../../src/index.ts';

/** A publisher under test, and what it has told. */
export interface Watched extends Publisher {
  /** Events that were dropped, with the codes. */
  refused: [id: string, code: string, field?: string][];
  /** Failures of requests. */
  failed: PublishError[];
  /** Milliseconds that it waited after each. */
  waits: number[];
}

/** Makes one that is quick to try again; what it still has when the test ends is given up. */
export function watch(options: Partial<PublisherOptions> & { url: string }): Watched {
  const told: Pick<Watched, 'refused' | 'failed' | 'waits'> = { refused: [], failed: [], waits: [] };
  const publisher = createPublisher({
    key: 'a key',
    source: 'shop',
    backoff: { base: 5, limit: 20 },
    closeTimeout: 0,
    onRefused: ({ id }, { code, field }) =>
      void told.refused.push(field === undefined ? [id, code] : [id, code, field]),
    onRetry: (error, wait) => {
      told.failed.push(error);
      told.waits.push(wait);
    },
    ...options,
  });
  onTestFinished(async () => {
    await publisher.close();
  });
  // Its figures are looked at later, so they must not be copied now.
  return Object.create(publisher, Object.getOwnPropertyDescriptors(told)) as Watched;
}

/** `from`, … `to` as ids. */
export const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);

/** Publishes parcels under these ids. */
export function publishAll(publisher: Publisher, names: string[], data: object = {}): void {
  for (const id of names) publisher.publish('x:parcel', { id, ...data }, { id, executionId: 'e1' });
}

/** Waits until a look at something is as expected; a busy machine has time. */
export function until<T>(look: () => T) {
  return expect.poll(look, { timeout: 15_000, interval: 5 });
}
