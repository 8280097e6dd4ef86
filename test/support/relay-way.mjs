import { createServer } from 'node:http';
import { PUBLISH_KEY } from './captured-engine.mjs';

/** Milliseconds of silence after which a relay that polls each second has nothing left. */
const QUIET = 3000;

/**
 * The way from an engine's relay to a gateway, on which things may happen to what it posts: `pass`, `lose` (it is
 * told that all has arrived, as if the rows had been deleted), or `refuse` (the key is wrong).
 */
export async function startRelayWay() {
  const way = { url: '', mode: 'pass', gateway: undefined, lost: 0, close: async () => {} };
  let last = performance.now();
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    last = performance.now();
    const answer = await forward(JSON.parse(text)).catch(() => ({ status: 503, body: {} }));
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  });

  async function forward(body) {
    if (way.mode === 'refuse') return { status: 401, body: {} };
    if (way.mode === 'lose') {
      way.lost += body.commands.length;
      return post({ ...body, commands: [] });
    }
    return post(body);
  }

  async function post(body) {
    const answer = await fetch(`${way.gateway}/v1/engine`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${PUBLISH_KEY}` },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  /** Gives the word of a relay that does not know of it: it is asked, and all is there once it has been quiet. */
  const word = setInterval(async () => {
    if (way.mode === 'refuse' || !way.gateway || performance.now() - last < QUIET) return;
    const asked = await post({ engine: 'default', commands: [] }).catch(() => undefined);
    const since = performance.now();
    const ask = asked?.body.ask;
    if (ask === undefined) return;
    while (performance.now() - Math.max(last, since) < QUIET)
      await new Promise((next) => setTimeout(next, 100));
    if (way.mode !== 'refuse')
      await post({ engine: 'default', commands: [], seen: ask }).catch(() => undefined);
  }, 250);

  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  way.url = `http://127.0.0.1:${server.address().port}`;
  way.close = async () => {
    clearInterval(word);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return way;
}
