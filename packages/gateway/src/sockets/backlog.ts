import type { Socket as TcpSocket } from 'node:net';
import type { BacklogLimits } from '../delivery/limits.ts';
import { transportOf } from './transport.ts';
import type { WireSocket } from './wire-socket.ts';

/** What waits in this process to be read by one client. */
export interface Backlog {
  /** Resolves once what was sent is on its way, and after so many milliseconds in any case. */
  settled(most: number): Promise<void>;
  /** Ends the connection now, with all that waits for it; there is no use in telling who does not read. */
  cut(): void;
  /** Does so after so many milliseconds, should it not have ended by then. */
  cutAfter(milliseconds: number): void;
}

/**
 * Watches what waits for one client, over WebSocket and polling alike: engine.io keeps packets in a buffer of
 * its own, without a limit, for as long as the transport is busy with those before.
 */
export function watchBacklog(
  conn: WireSocket['conn'],
  { bytes, age }: BacklogLimits,
  onBehind: () => void,
): Backlog {
  const transport = () => transportOf(conn);
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  let tcp: TcpSocket | null | undefined;
  let parting: NodeJS.Timeout | undefined;

  conn.on('packetCreate', ({ data }: { data?: string | Buffer }) => {
    // It goes out at once, and a large answer alone makes nobody slow.
    if (transport().writable) return;
    waiting += data?.length ?? 0;
    timer ??= setTimeout(onBehind, age);
    if (waiting > bytes) process.nextTick(onBehind);
  });
  conn.on('flush', () => {
    waiting = 0;
    clearTimeout(timer);
    timer = undefined;
    // Of polling it can be had only now, right before the answer is written.
    tcp = transport().res?.socket ?? transport().socket?._socket;
  });
  conn.on('close', (reason: string) => {
    clearTimeout(timer);
    clearTimeout(parting);
    // Who no longer answers does not read either; what the kernel has not taken would stay for long.
    if (reason === 'ping timeout') tcp?.destroy();
  });

  function cut(): void {
    conn.close(true);
    tcp?.destroy();
  }

  return {
    async settled(most) {
      const current = transport();
      if (current.writable) return;
      const ready = Promise.withResolvers<void>();
      const timeout = setTimeout(ready.resolve, most);
      current.once('ready', ready.resolve);
      await ready.promise;
      clearTimeout(timeout);
      current.off('ready', ready.resolve);
    },
    cut,
    cutAfter(milliseconds) {
      parting ??= setTimeout(cut, milliseconds);
    },
  };
}
