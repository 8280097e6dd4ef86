import { onTestFinished } from 'vitest';
import type { Bench } from './gateway.ts';

/** One message of an event stream. */
export interface Message {
  id?: string;
  event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at data of every shape.
  data?: any;
  retry?: string;
}

/** An event stream as it comes in. */
export interface Reading {
  status: number;
  contentType: string | null;
  messages: Message[];
  /** Those with an event, by its name. */
  named(event: string): Message[];
  /** Resolves when the server has ended it. */
  ended: Promise<void>;
  stop(): void;
}

/** Opens `GET /v1/events` as a stream; it ends with the test. */
export async function openStream(
  bench: Bench,
  query: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<Reading> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const answer = await fetch(`${bench.url}/v1/events?${query}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${token}`, ...headers },
    signal: abort.signal,
  });
  const messages: Message[] = [];
  const read = async (): Promise<void> => {
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop()!;
      messages.push(...parts.map(parse));
    }
  };
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type'),
    messages,
    named: (event) => messages.filter((message) => message.event === event),
    ended: read().catch(() => undefined),
    stop: () => abort.abort(),
  };
}

function parse(part: string): Message {
  const fields = part.split('\n').map((line): [string, unknown] => {
    const [, name, value] = /^(\w+): (.*)$/.exec(line)!;
    return [name!, name === 'data' ? JSON.parse(value!) : value];
  });
  return Object.fromEntries(fields);
}
