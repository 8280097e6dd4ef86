import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';

/** A secret of Standard Webhooks. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** What a service was told. */
export interface Heard {
  id: string;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at events of every shape.
  event: any;
}

/** A service that is told what happens, and believes what is signed. */
export interface Service {
  readonly port: number;
  readonly url: string;
  /** What it has taken, in order. */
  readonly heard: Heard[];
  /** Requests so far, whatever became of them. */
  readonly asked: Heard[];
  /** How it answers; left out: 204. What throws is answered by 500. */
  answer: (heard: Heard, response: ServerResponse) => unknown;
  /** Nobody is there any more; what it was told stays. */
  stop(): Promise<void>;
  /** It is there again, at the same address. */
  start(): Promise<void>;
}

/** Starts a service on the loopback; it ends with the test. */
export async function startService(secret = SECRET): Promise<Service> {
  const webhook = new Webhook(secret);
  const heard: Heard[] = [];
  const asked: Heard[] = [];
  let port = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { headers } = request;
    try {
      const event = webhook.verify(body, headers as Record<string, string>);
      const one = { id: String(headers['webhook-id']), headers, event };
      asked.push(one);
      await service.answer(one, response);
      if (response.headersSent) return;
      heard.push(one);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  const service: Service = {
    get port() {
      return port;
    },
    get url() {
      return `http://127.0.0.1:${port}/hooks`;
    },
    heard,
    asked,
    answer: () => undefined,
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
    async start() {
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address() as AddressInfo);
    },
  };
  await service.start();
  onTestFinished(() => service.stop());
  return service;
}

/** An entry of SUBSCRIPTIONS. */
export function subscription({ url }: Pick<Service, 'url'>, more: object = {}): object {
  return { name: 'billing', url, secrets: [SECRET], ...more };
}

/** The setting. */
export function subscriptions(...list: object[]): { SUBSCRIPTIONS: string } {
  return { SUBSCRIPTIONS: JSON.stringify(list) };
}

/** The events that were told, by a word of each. */
export function numbers(heard: readonly Heard[]): number[] {
  return heard.map(({ event }) => event.data.n);
}
