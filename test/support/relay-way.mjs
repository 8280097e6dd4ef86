import { createServer } from 'node:http';
import { PUBLISH_KEY } from './captured-engine.mjs';

/**
 * The way from an engine's relay to a gateway, on which things may happen to what it posts: `pass`, `lose` (it is
 * told that all has arrived, as if the rows had been deleted), or `refuse` (the key is wrong).
 */
export async function startRelayWay() {
  const way = { url: '', mode: 'pass', gateway: undefined, lost: 0, close: async () => {} };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const answer = await forward(JSON.parse(text)).catch(() => ({ status: 503, body: {} }));
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  });

  async function forward(body) {
    if (way.mode === 'refuse') return { status: 401, body: {} };
    if (way.mode !== 'lose') return post(body);
    way.lost += body.commands.length;
    return post({ ...body, commands: [] });
  }

  async function post(body) {
    const answer = await fetch(`${way.gateway}/v1/engine`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${PUBLISH_KEY}` },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  way.url = `http://127.0.0.1:${server.address().port}`;
  way.close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return way;
}
