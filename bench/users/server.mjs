import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memoryOf } from '../../scripts/lib/memory.mjs';
import { bin } from '../../scripts/lib/paths.mjs';
import { startGateway } from '../../scripts/stack/gateway.mjs';
import { startService } from '../../scripts/stack/service.mjs';
import { DOMAIN } from './cast.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const NODE_OPTIONS = `--import=${file('./collect.mjs')}`;

/** Starts the server to measure: our gateway as it is served, or stock Socket.IO. */
export async function startServer({ isStock, port, secret, key, folder }) {
  const log = `${folder}/server.txt`;
  const service = isStock
    ? await startService('Socket.IO server', bin('node'), [file('./stock-server.mjs')], {
        env: { PORT: String(port), NODE_OPTIONS },
        log,
        ready: /listening on (http:\/\/[^\s"]+)/,
        timeout: 30_000,
      })
    : await startGateway({
        env: {
          PORT: String(port),
          JWT_SECRET: secret,
          PUBLISH_KEY: key,
          DEFAULT_DOMAIN: DOMAIN,
          DATA_DIR: `${folder}/data`,
          LOG_LEVEL: 'warn',
          // Everybody comes from one address here, and all of them at once; stock Socket.IO has no limits.
          LIMIT_UNAUTHENTICATED: '0',
          LIMIT_HANDSHAKES_ADDRESS: 'off',
          LIMIT_HANDSHAKES_NODE: 'off',
          LIMIT_HTTP_PUBLISHES: 'off',
          AUDIT: 'off',
          NODE_OPTIONS,
        },
        log,
      });
  const collected = () =>
    new Promise((done) => service.hear((text) => `${text}`.includes('collected') && done()));
  return {
    ...service,
    /** Resident bytes after its garbage was collected. */
    async memory() {
      const done = collected();
      process.kill(service.pid, 'SIGUSR2');
      await done;
      return memoryOf(service.pid);
    },
    /** Seconds of processor time so far, of all its threads. */
    cpu() {
      const fields = readFileSync(`/proc/${service.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    async crash() {
      service.kill('SIGKILL');
      await service.exited;
    },
  };
}

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;
