import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The TCP connections of a server, whatever they have become. */
export interface Connections {
  /** Resolves once all have ended: idle ones at once, those at work when they are done, or after so many milliseconds. */
  end(grace: number): Promise<void>;
}

/** Watches the connections of a server. Node's own list lacks those that were upgraded. */
export function watchConnections(server: Server): Connections {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    async end(grace) {
      const until = performance.now() + grace;
      while (open.size > 0 && performance.now() < until) {
        // One that was at work has become idle since, and would be kept for the next request.
        server.closeIdleConnections();
        // One that was opened ahead, and on which nothing was ever asked, does not count as idle there.
        for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
        await sleep(20);
      }
      for (const socket of open) socket.destroy();
    },
  };
}
