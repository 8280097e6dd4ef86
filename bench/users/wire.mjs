import { connect } from 'node:net';
import { frameOf, frameReader } from './frames.mjs';

const PONG = frameOf('3');

/**
 * One connection to a Socket.IO server over WebSocket, by hand: thousands of whole clients would measure
 * themselves. It answers pings, and hands on what comes.
 *
 * @param {{ event: (name: string, value: any) => void, answer: (value: any) => void, end: () => void }} on
 */
export function openWire(port, auth, on) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let isUpgraded = false;
  let isOver = false;
  const read = frameReader((text) => {
    if (isOver) return;
    if (text === undefined) socket.destroy();
    else if (text.startsWith('42')) on.event(...JSON.parse(text.slice(2)));
    else if (text === '2') socket.write(PONG);
    else if (text.startsWith('0')) socket.write(frameOf(`40${JSON.stringify(auth)}`));
    else if (text.startsWith('43')) on.answer(JSON.parse(text.slice(text.indexOf('[')))[0]);
    else if (text.startsWith('40')) on.event('connect');
    else if (text.startsWith('44')) socket.destroy();
  });
  socket.on('connect', () => {
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
        // As a browser says it: a server may keep the request for as long as the connection lasts.
        'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36\r\n' +
        `Origin: http://127.0.0.1:${port}\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n` +
        'Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.9\r\n\r\n',
    );
  });
  socket.on('data', (chunk) => {
    if (isUpgraded) return read(chunk);
    // The answer to the upgrade is one write, and what follows it may come with it.
    const end = chunk.indexOf('\r\n\r\n');
    if (!chunk.toString('latin1', 0, 12).endsWith('101') || end < 0) return socket.destroy();
    isUpgraded = true;
    if (chunk.length > end + 4) read(chunk.subarray(end + 4));
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    if (!isOver) on.end();
    isOver = true;
  });
  return {
    ask: (name, value) => socket.write(frameOf(`420${JSON.stringify([name, value])}`)),
    close() {
      isOver = true;
      socket.destroy();
    },
  };
}
