import { once } from 'node:events';
import { connect } from 'node:net';
import { frame } from '../inputs/frames.mjs';

/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 250;

/**
 * Frames on bare TCP: packets that are whole or not, in frames that are whole or not, cut where nobody would cut.
 *
 * @param {object} tools
 * @param {(about: () => string) => (chunk: Buffer) => void} tools.listen
 */
export function createWebSocketAttacker({ port, random, packets, wrongFrame, tokens, listen, isOver }) {
  /** One connection; @returns how many inputs it brought */
  return async function visit() {
    let last = 'the handshake';
    const hear = listen(() => last);
    const socket = connect(port, '127.0.0.1');
    const gone = once(socket, 'close').catch(() => {});
    socket.on('error', () => {});
    socket.on('data', hear);
    socket.write(upgrade());
    if (random.next() < 0.9) {
      socket.write(frame(Buffer.from(`40${introduction()}`)));
      // Who goes on before the answer is sent away.
      if (random.next() < 0.95) await Promise.race([gone, heardFrom(socket, '40{')]);
    }
    // One packet that is none ends a connection: who sends only such sees nothing of what lies behind.
    const manner = random.weighed({ packet: 4, event: 4, intrusion: 2 });
    const isCivil = manner !== 'packet';
    const inputs = random.between(5, 80);
    let sent = 0;
    for (; sent < inputs && !socket.destroyed && !isOver(); sent++) {
      last = packets[manner]();
      const bytes = isCivil || random.next() < 0.92 ? frame(Buffer.from(last)) : wrongFrame(last);
      if (random.next() < 0.05) await cut(socket, bytes);
      else if (!socket.write(bytes)) await Promise.race([once(socket, 'drain').catch(() => {}), gone]);
    }
    // The gateway answers what it understood before it answers this.
    socket.write(frame(Buffer.from('42999999["unsubscribe",{"rooms":[]}]')));
    await Promise.race([gone, heardFrom(socket, '43999999')]);
    // Who was let in somewhere stays until there is something to hear.
    if (manner === 'intrusion') await Promise.race([gone, later(PATIENCE)]);
    if (random.next() < 0.3) socket.end();
    else socket.destroy();
    await Promise.race([gone, later(PATIENCE)]);
    socket.destroy();
    return sent + 1;
  };

  function introduction() {
    const token = random.pick(tokens);
    if (token === undefined) return '';
    return JSON.stringify({ token, ...(random.next() < 0.5 ? { client: 'sdk' } : {}) });
  }

  function upgrade() {
    const query =
      random.next() < 0.9
        ? 'EIO=4&transport=websocket'
        : random.pick([
            'EIO=3&transport=websocket',
            'transport=websocket',
            'EIO=4&transport=websocket&sid=__proto__',
            'EIO=4&transport=websocket&sid=',
            'EIO=4',
          ]);
    const odd =
      random.next() < 0.05
        ? `${random.pick(['Sec-WebSocket-Extensions: permessage-deflate', 'Origin: https://elsewhere.example', 'Content-Length: 5', 'Expect: 100-continue'])}\r\n`
        : '';
    return `GET /socket.io/?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${odd}\r\n`;
  }
}

async function cut(socket, bytes) {
  const at = Math.floor(bytes.length / 2);
  socket.write(bytes.subarray(0, at));
  await later(1);
  socket.write(bytes.subarray(at));
}

/** This has come, or nothing will. */
function heardFrom(socket, text) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, PATIENCE);
    function done() {
      clearTimeout(timer);
      socket.off('data', look);
      resolve();
    }
    function look(chunk) {
      if (chunk.includes(text)) done();
    }
    socket.on('data', look);
  });
}

const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
