import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustEnd } from '../lib/cleanup.mjs';

/**
 * A piece of network that can be cut: it passes everything on to a port of this machine, until it is told not to.
 * The browser's own "offline" leaves open WebSockets alone.
 *
 * @param {{ refuseUpgrades?: boolean }} [options] `refuseUpgrades`: as some companies' proxies do, it lets no WebSocket
 *   through
 */
export async function layCable(port, { refuseUpgrades = false } = {}) {
  const lines = new Set();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.setNoDelay(true);
      lines.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        lines.delete(one);
        other.destroy();
      });
    }
    const pass = () => {
      near.pipe(far);
      far.pipe(near);
    };
    if (!refuseUpgrades) return pass();
    // A browser asks for a WebSocket on a connection of its own, and at once.
    near.once('data', (first) => {
      if (/^upgrade: websocket/im.test(first.toString('latin1')))
        return near.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      far.write(first);
      pass();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const line of lines) line.destroy();
  };
  const stop = async () => {
    server.close();
    drop();
    forget();
  };
  const forget = mustEnd({ name: 'cable', stop, kill() {} });
  return {
    port: server.address().port,
    /** Cuts everything for so many milliseconds, while `meanwhile` happens. */
    async cut(ms, meanwhile) {
      isCut = true;
      drop();
      await Promise.all([sleep(ms), meanwhile()]);
      isCut = false;
    },
    /** Nothing comes through the connections that are open, and neither side is told: as when a laptop changes its network. */
    silence() {
      for (const line of lines) {
        line.unpipe();
        line.pause();
      }
    },
    stop,
  };
}
