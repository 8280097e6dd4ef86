import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// The version that the gateway builds on.
const { Server } = createRequire(new URL('../../packages/gateway/package.json', import.meta.url))(
  'socket.io',
);

/** Bare Socket.IO: what is posted is emitted to its rooms, each of it as it comes. Nothing is checked or kept. */
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    for (const { rooms, ...word } of JSON.parse(text)) io.to(rooms).emit('ephemeral', [word]);
    response.end('{}');
  });
});

const io = new Server(server, { pingInterval: 15_000, pingTimeout: 15_000, serveClient: false });
io.on('connection', (socket) => {
  socket.on('subscribe', ({ rooms }, answer) => {
    socket.join(rooms);
    answer({ success: true });
  });
  socket.emit('ready');
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
});
