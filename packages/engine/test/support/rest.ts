import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a client has asked. */
export interface Asked {
  method: string;
  path: string;
  authorization: string | undefined;
  body: unknown;
}

/** A local HTTP server in place of the engine's REST API; it ends with the test. */
export async function startRest(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { method = '', url = '', headers } = request;
    asked.push({ method, path: url, authorization: headers.authorization, body: text && JSON.parse(text) });
    answer(response, request);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/engine-rest`, asked };
}

/** Answers like the engine. */
export function reply(status: number, body = '', type = 'application/json') {
  return (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };
}
