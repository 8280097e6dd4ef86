import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// The version that the gateway builds on.
const { Server } = createRequire(new URL('../../packages/gateway/package.json', import.meta.url))(
  'socket.io',
);

/**
 * What an application on stock Socket.IO does for the same load: a fact comes over HTTP and is emitted to its rooms.
 * It is given what it can use: connection state recovery, longer than any fault lasts, and a set of the ids it has
 * seen, so that a repeated fact is emitted once for as long as the process lives.
 */
const seen = new Set();

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const { source, id, type, data, rooms = [], left = [] } = JSON.parse(text);
    const ref = `${source}/${id}`;
    if (!seen.has(ref) && rooms.length > 0) io.to([...rooms, ...left]).emit('event', { ref, type, data });
    seen.add(ref);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'new', seq: seen.size }));
  });
});

const io = new Server(server, {
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
  pingInterval: 15_000,
  pingTimeout: 15_000,
});
io.on('connection', (socket) => {
  if (!socket.recovered) socket.join(socket.handshake.auth.rooms);
  socket.emit('ready');
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
});
