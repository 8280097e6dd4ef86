import { Webhook } from 'standardwebhooks';
import type { Message } from './message.ts';

/** What has become of a message. */
export type Answer =
  | { is: 'taken' }
  /** The receiver wants no more, ever (410). */
  | { is: 'gone' }
  | {
      is: 'failed';
      /** For a person; nothing of what the receiver has answered but its status. */
      why: string;
      /** Milliseconds that it asks to be left alone for. */
      retryAfter?: number;
    };

/** Hands a message to a receiver, once. Never rejects. */
export type Receiver = (message: Message, signal?: AbortSignal) => Promise<Answer>;

/** Milliseconds for an answer, as Standard Webhooks recommends. */
const WITHIN = 20_000;

/** Bytes of an answer that are read, so that its connection serves the next message too. Nobody looks at them. */
const MOST_BYTES = 64 * 1024;

/** Milliseconds for them. */
const DRAIN_WITHIN = 1000;

/** The longest that a receiver can ask to be left alone for, in milliseconds: it holds up its line. */
const LONGEST_PAUSE = 3_600_000;

/**
 * Makes the {@link Receiver} at an address. What it is told is signed as Standard Webhooks has it
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), once by each secret.
 */
export function createReceiver(
  { url, secrets }: { url: string; secrets: readonly string[] },
  within = WITHIN,
): Receiver {
  const signers = secrets.map((secret) => new Webhook(secret));

  return async ({ id, body }, signal) => {
    const now = new Date();
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'netbuild-realtime',
      'webhook-id': id,
      'webhook-timestamp': `${Math.floor(now.getTime() / 1000)}`,
      'webhook-signature': signers.map((signer) => signer.sign(id, now, body)).join(' '),
    };
    const late = AbortSignal.timeout(within);
    const ends = signal ? AbortSignal.any([late, signal]) : late;
    try {
      // Followed, a redirect would take what is said to where nobody has sent it.
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: ends });
      const answer = answerOf(response);
      await drain(response);
      return answer;
    } catch (error) {
      const why = late.aborted ? `no answer within ${within} ms` : `no answer: ${reasonOf(error)}`;
      return { is: 'failed', why };
    }
  };
}

function answerOf(response: Response): Answer {
  const { status } = response;
  if (response.ok) return { is: 'taken' };
  if (status === 410) return { is: 'gone' };
  const retryAfter = pauseOf(response.headers.get('retry-after'));
  return { is: 'failed', why: `status ${status}`, ...(retryAfter !== undefined && { retryAfter }) };
}

/** `Retry-After` in milliseconds: it is seconds, or a date. */
function pauseOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const pause = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(pause) ? undefined : Math.min(Math.max(0, pause), LONGEST_PAUSE);
}

/** Reads what little there is of an answer; the status alone counts, so whatever goes wrong here does not. */
async function drain({ body }: Response): Promise<void> {
  if (!body) return;
  const reader = body.getReader();
  const cut = (): void => void reader.cancel().catch(() => undefined);
  const timer = setTimeout(cut, DRAIN_WITHIN);
  try {
    for (let left = MOST_BYTES; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.byteLength;
    }
    cut();
  } catch {
    // Its connection is gone, and the next message opens another one.
  } finally {
    clearTimeout(timer);
  }
}

/** The code of what went wrong, never its text: in that there may be the address. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; name?: string } };
  return cause?.code ?? cause?.name ?? name ?? 'unknown';
}
