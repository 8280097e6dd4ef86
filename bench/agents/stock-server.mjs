import { serveStock } from '../lib/stock-socket-io.mjs';

/** Bare Socket.IO: what is posted is emitted to its rooms, each of it as it comes. Nothing is checked or kept. */
serveStock({
  onPost(io, words) {
    for (const { rooms, ...word } of words) io.to(rooms).emit('ephemeral', [word]);
  },
  onConnection(socket) {
    socket.on('subscribe', ({ rooms }, answer) => {
      socket.join(rooms);
      answer({ success: true });
    });
    socket.emit('ready');
  },
});
