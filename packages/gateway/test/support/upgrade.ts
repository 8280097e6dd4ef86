import { connect } from 'node:net';

/** What a node, or whoever stands before it, answers to a WebSocket's handshake without a token, as it stands on the wire. */
export async function upgradeAt(url: string): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '',
      '',
    ].join('\r\n'),
  );
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}
