import { once } from 'node:events';
import { createServer } from 'node:http';
import { serveParent } from '../../scripts/lib/child.mjs';

const ANSWER = JSON.stringify({ epoch: 'bench', seq: 1, settle: 0 });

/**
 * Acknowledges whatever a relay brings, in the gateway's place: what a gateway does with it is no cost of the engine,
 * and must not take the engine's processor here.
 */
serveParent({
  async listen() {
    const server = createServer((request, response) => {
      request.resume().once('end', () => response.setHeader('content-type', 'application/json').end(ANSWER));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server.address().port;
  },
});
