import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// The version that the gateway builds on.
const { Server } = createRequire(new URL('../../packages/gateway/package.json', import.meta.url))(
  'socket.io',
);

/** Stock Socket.IO: who connects says its rooms, and what is posted is emitted to its rooms. Nothing is kept. */
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const { rooms, ...event } = JSON.parse(text);
    if (rooms.length > 0) io.to(rooms).emit('event', event);
    response.end('{}');
  });
});

const io = new Server(server, { pingInterval: 15_000, pingTimeout: 15_000, serveClient: false });
io.on('connection', (socket) => {
  socket.join(socket.handshake.auth.rooms);
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
});
