import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import type { WireError } from '@netbuild/realtime-protocol';
import { PublishError, type PublishErrorDetails } from './error.ts';

/** What became of an event. */
export type Result =
  | { status: 'new' | 'known'; seq: number }
  | { status: 'refused'; error: PublishErrorDetails };

/** The gateway's answer to a batch (`POST /v1/events`). */
export interface Answer {
  /** The life of the log; of that of the events if any of them was taken. */
  epoch: string;
  /** Milliseconds for which it may lose what it has. */
  settle: number;
  /** One for each event, in order. */
  results: Result[];
}

/** The way to a gateway. */
export interface Gateway {
  /**
   * Posts one batch; no events ask how things stand.
   *
   * @throws {PublishError} where it was not acknowledged
   */
  post(events: readonly string[]): Promise<Answer>;
  /** Lets the request that is under way fail with this. */
  abort(error: PublishError): void;
  /** Lets go of the connection. */
  close(): void;
}

/** What it needs. */
export interface GatewayTools {
  url: string;
  key: string | (() => string);
  /** Milliseconds. */
  requestTimeout: number;
}

/** No gateway says more; what does is something else. */
const LONGEST_WAIT = 300_000;

/** What came back. */
interface Response {
  status: number;
  retryAfter: string | undefined;
  said: unknown;
}

/**
 * Makes the way to a gateway. Not by `fetch`: that opens a second connection where the first is not free yet when its
 * answer has been read.
 *
 * @throws {TypeError} where the address is none
 */
export function createGateway({ url, key, requestTimeout }: GatewayTools): Gateway {
  const endpoint = new URL(`${url.replace(/\/+$/, '')}/v1/events`);
  if (!/^https?:$/.test(endpoint.protocol))
    throw new TypeError(`url: ${endpoint.protocol} is not http: or https:`);
  const { Agent, request } = endpoint.protocol === 'https:' ? https : http;
  // Nobody is kept alive by a connection on which nothing is under way.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let underWay: AbortController | undefined;

  function send(body: Buffer, signal: AbortSignal): Promise<Response> {
    const headers = {
      authorization: `Bearer ${typeof key === 'string' ? key : key()}`,
      'content-type': 'application/cloudevents-batch+json',
      'content-length': body.length,
    };
    return new Promise((resolve, reject) => {
      const asking = request(endpoint, { method: 'POST', agent, headers, signal }, (answer) => {
        const { statusCode: status = 0, headers } = answer;
        text(answer).then(
          (body) => resolve({ status, retryAfter: headers['retry-after'], said: parse(body) }),
          reject,
        );
      });
      asking.on('error', reject).end(body);
    });
  }

  return {
    async post(events) {
      const current = new AbortController();
      const { signal } = current;
      underWay = current;
      // The connection keeps the process alive meanwhile.
      const timer = setTimeout(() => current.abort(timedOut(requestTimeout)), requestTimeout).unref();
      try {
        const answer = await send(Buffer.from(`[${events.join()}]`), signal);
        if (answer.status === 200 && isAnswer(answer.said, events.length)) return answer.said;
        throw refusalOf(answer);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw error instanceof PublishError ? error : unreachable(reasonOf(error as Error), error);
      } finally {
        clearTimeout(timer);
      }
    },
    abort: (error) => underWay?.abort(error),
    close: () => agent.destroy(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAnswer(said: unknown, events: number): said is Answer {
  const { epoch, settle, results } = (said ?? {}) as Partial<Answer>;
  return (
    typeof epoch === 'string' &&
    typeof settle === 'number' &&
    Array.isArray(results) &&
    results.length === events &&
    results.every(isResult)
  );
}

function isResult(said: unknown): said is Result {
  const { status, seq, error } = (said ?? {}) as {
    status?: string;
    seq?: number;
    error?: Partial<WireError>;
  };
  if (status === 'new' || status === 'known') return typeof seq === 'number';
  return status === 'refused' && typeof error?.code === 'string' && typeof (error.field ?? '') === 'string';
}

/** A refusal of the whole request: the gateway's own, or of something on the way. */
function refusalOf({ status, retryAfter, said }: Response): PublishError {
  const { error } = (said ?? {}) as { error?: WireError };
  const waits = [error?.retryAfter, waitOf(retryAfter)].filter((one) => one !== undefined);
  const asked = waits.length > 0 ? { retryAfter: Math.min(LONGEST_WAIT, Math.max(...waits)) } : {};
  const details =
    typeof error?.code === 'string' && typeof error.message === 'string'
      ? error
      : unreachable(`HTTP ${status} is no answer of a gateway's.`).details;
  return new PublishError({ ...details, status, ...asked });
}

/** Seconds, or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

const timedOut = (after: number): PublishError =>
  new PublishError({
    code: 'timeout',
    message: `The gateway has not answered within ${after} ms.`,
    retryable: true,
  });

const unreachable = (message: string, cause?: unknown): PublishError =>
  new PublishError({ code: 'unreachable', message, retryable: true }, cause);

/** Where all addresses of a host were tried, each of them has a reason. */
function reasonOf({ message, errors }: Error & { errors?: Error[] }): string {
  return `No connection to the gateway: ${message || errors?.map((one) => one.message).join(', ')}`;
}
