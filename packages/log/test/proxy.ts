import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A line to a server that can be laid to another one, as a name or a virtual address is at a failover. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Cuts all connections and leads the next ones to this port. */
  lead(port: number): void;
  /** From now on, brings nothing to those who have subscribed, and leaves them connected. */
  deafen(): void;
  /** From now on, brings nothing to anybody, and leaves all connected: who hangs on it falls behind unseen. */
  hold(): void;
}

/** Starts a line to a port of the loopback. */
export async function startProxy(port: number): Promise<Proxy> {
  let target = port;
  const sockets = new Set<Socket>();
  const holds = new Set<() => void>();
  const deafened = new Map<Socket, () => void>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        deafened.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
    holds.add(() => {
      client.unpipe(upstream).pause();
      upstream.unpipe(client).pause();
    });
    client.on('data', (data) => {
      if (!data.includes('subscribe')) return;
      deafened.set(client, () => {
        upstream.unpipe(client);
        upstream.resume();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as { port: number }).port}`,
    lead(next) {
      target = next;
      cut();
    },
    deafen() {
      for (const deafen of deafened.values()) deafen();
      deafened.clear();
    },
    hold() {
      for (const hold of holds) hold();
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}
