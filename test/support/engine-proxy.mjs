import { createServer, request } from 'node:http';

/**
 * Stands between a gateway and its engine.
 *
 * @returns {Promise<{ url: string, target: string, before(path: RegExp, act: () => unknown): void, after(path: RegExp, act: () => unknown): void, meanwhile?: (question: string) => unknown, asked: string[], close(): Promise<void> }>}
 *   `target`: the engine's REST API; `before`, `after`: what happens once, in the place of passing the next matching
 *   request on, or its answer back; the connection breaks then; `meanwhile`: what happens before each is passed on
 */
export async function startEngineProxy() {
  const acts = { before: [], after: [] };
  const take = (when, path) => {
    const found = acts[when].findIndex(([pattern]) => pattern.test(path));
    return found < 0 ? undefined : acts[when].splice(found, 1)[0][1];
  };
  const asked = [];
  const server = createServer(async (incoming, response) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    asked.push(`${incoming.method} ${incoming.url}`);
    const before = take('before', incoming.url);
    if (before) {
      await before();
      response.destroy();
      return;
    }
    await proxy.meanwhile?.(asked.at(-1));
    if (proxy.target === '') return response.writeHead(503).end();
    const url = new URL(proxy.target);
    const outgoing = request(
      {
        host: url.hostname,
        port: url.port,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
      },
      async (answer) => {
        const after = take('after', incoming.url);
        if (after) {
          answer.resume();
          await after();
          response.destroy();
          return;
        }
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.on('error', () => response.destroy());
    // A question that nobody waits for any more.
    response.on('close', () => outgoing.destroy());
    outgoing.end(Buffer.concat(chunks));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const proxy = {
    url: `http://127.0.0.1:${server.address().port}/engine-rest`,
    target: '',
    meanwhile: undefined,
    asked,
    before: (path, act) => acts.before.push([path, act]),
    after: (path, act) => acts.after.push([path, act]),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return proxy;
}
