import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustEnd } from '../lib/cleanup.mjs';

/**
 * A piece of network that can be cut: it passes everything on to a port of this machine, until it is told not to.
 * The browser's own "offline" leaves open WebSockets alone.
 */
export async function layCable(port) {
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
      one.pipe(other);
      lines.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        lines.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const line of lines) line.destroy();
  };
  const stop = async () => {
    server.close();
    drop();
  };
  mustEnd({ name: 'cable', stop, kill() {} });
  return {
    port: server.address().port,
    /** Cuts everything for so many milliseconds, while `meanwhile` happens. */
    async cut(ms, meanwhile) {
      isCut = true;
      drop();
      await Promise.all([sleep(ms), meanwhile()]);
      isCut = false;
    },
  };
}
