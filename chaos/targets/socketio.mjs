import { fileURLToPath } from 'node:url';
import { bin } from '../../scripts/lib/paths.mjs';
import { startService } from '../../scripts/stack/service.mjs';

/** Stock Socket.IO with connection state recovery: one process, the adapter in its memory. */
export const socketio = {
  clients: new URL('../clients/process.mjs', import.meta.url),
  start({ port, output }) {
    const file = fileURLToPath(new URL('./socketio-server.mjs', import.meta.url));
    return startService('Socket.IO server', bin('node'), [file], {
      env: { PORT: String(port) },
      log: output,
      ready: /listening on (http:\/\/[^\s"]+)/,
      timeout: 30_000,
    });
  },
};
