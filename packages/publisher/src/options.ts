import type { Backoff } from './backoff.ts';
import type { BufferLimits } from './buffer.ts';
import type { BatchLimits } from './delivery.ts';
import type { PublishError } from './error.ts';
import type { PublishedEvent } from './event.ts';

/** How to make a publisher. */
export interface PublisherOptions {
  /** Where the gateway is: `https://realtime.example.com`. */
  url: string;
  /** A publisher's key, or a token with the role `publish`. A function is asked before each request: for one that changes. */
  key: string | (() => string);
  /** The `source` of its events; with its id it names each for good. */
  source: string;
  /**
   * The tenant that they are for. Default: the key's, where it has a single one, and the gateway's default one
   * otherwise. Order is that of one log, so another tenant wants another publisher.
   */
  domain?: string | undefined;
  /**
   * Told of each event that is dropped, with the reason, after the call that brought it has returned: refused by the
   * gateway, no room (`buffer_full`), given up (`closed`). Default: a warning of the process, once for each code.
   */
  onRefused?: ((event: PublishedEvent, error: PublishError) => void) | undefined;
  /**
   * Told when a request has failed, with the milliseconds until it is made again. Nothing is lost by it, but a key
   * that is refused holds everything back. Default: a warning of the process, once for each code.
   */
  onRetry?: ((error: PublishError, wait: number) => void) | undefined;
  /** How events go together. Default: 100, of 500 000 bytes, within 5 ms. */
  batch?: Partial<BatchLimits>;
  /** What is held at most. Default: 100 000 events of 64 MiB. */
  buffer?: Partial<BufferLimits>;
  /** Waits after a failure. Default: full jitter below 100 ms, doubling to 10 s. */
  backoff?: Partial<Backoff>;
  /** Milliseconds that a request may take before it is made anew. Default 10 000. */
  requestTimeout?: number;
  /** Milliseconds that {@link Publisher.send} waits. Default 30 000. */
  sendTimeout?: number;
  /**
   * Milliseconds that {@link Publisher.close} waits, and the end of the process where nothing but what is held here
   * is left to do. Default 10 000; less than the `settle` of the gateway (5 s with Redis) may give up what a
   * failover of the storage loses in its last moments.
   */
  closeTimeout?: number;
}
