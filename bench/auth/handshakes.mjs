import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startChild } from '../../scripts/lib/child.mjs';
import { bin } from '../../scripts/lib/paths.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { Problem } from '../../scripts/lib/problem.mjs';
import { startGateway } from '../../scripts/stack/gateway.mjs';
import { startService } from '../../scripts/stack/service.mjs';
import { inTurn, resultOf } from '../lib/rounds.mjs';

/** Handshakes that are measured in a round, and those that go before, so that what is compiled late is. */
const HANDSHAKES = 5000;
const FORERUNNERS = 1500;

/** Connections that are being made at once. */
const AT_ONCE = 64;

const ROUNDS = 7;

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Handshakes a second, each with a token of its own (HS256, checked by the same library), from the TCP connection to
 * the server's word that it is connected; ours beside stock Socket.IO with the check as its middleware. Each
 * connection is closed as soon as it is there.
 *
 * @param {string} folder where the servers may write
 * @returns {Promise<{ samples: Record<string, number>, results: object[] }>}
 */
export async function measureHandshakes(folder) {
  const secret = randomBytes(32).toString('hex');
  const side = (isStock) => () => round({ isStock, folder, secret });
  const figures = await inTurn({ ours: side(false), 'socket.io': side(true) }, ROUNDS);
  return {
    samples: {
      'rounds, each of ours beside one of stock Socket.IO': ROUNDS,
      'handshakes measured in each': HANDSHAKES,
    },
    results: [
      resultOf(
        { scenario: `handshakes, ${AT_ONCE} at once, a JWT each`, metric: 'handshakes a second', unit: '/s' },
        figures,
      ),
    ],
  };
}

async function round({ isStock, folder: parent, secret }) {
  const folder = mkdtempSync(`${parent}/`);
  const port = await freePort();
  const server = await startServer({ isStock, port, secret, folder });
  const clients = startChild('clients', new URL('./clients.mjs', import.meta.url));
  try {
    await clients.ask('run', { port, secret, count: FORERUNNERS, atOnce: AT_ONCE, first: 0 });
    const { seconds, refused } = await clients.ask('run', {
      port,
      secret,
      count: HANDSHAKES,
      atOnce: AT_ONCE,
      first: FORERUNNERS,
    });
    if (refused > 0) throw new Problem(`${refused} handshakes were refused.`);
    return HANDSHAKES / seconds;
  } finally {
    await clients.stop();
    server.kill('SIGKILL');
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  }
}

function startServer({ isStock, port, secret, folder }) {
  const log = `${folder}/server.txt`;
  if (isStock)
    return startService('Socket.IO server', bin('node'), [file('./stock-server.mjs')], {
      env: { PORT: String(port), JWT_SECRET: secret },
      log,
      ready: /listening on (http:\/\/[^\s"]+)/,
      timeout: 30_000,
    });
  return startGateway({
    env: {
      PORT: String(port),
      JWT_SECRET: secret,
      DATA_DIR: `${folder}/data`,
      LOG_LEVEL: 'warn',
      // All of them come from one address here, and as fast as they can; they are counted all the same.
      LIMIT_HANDSHAKES_ADDRESS: '1000000/100000',
      LIMIT_HANDSHAKES_NODE: '1000000/100000',
    },
    log,
  });
}
