import { serveStock } from '../lib/stock-socket-io.mjs';

/** Stock Socket.IO: who connects says its rooms, and what is posted is emitted to its rooms. Nothing is kept. */
serveStock({
  onPost(io, { rooms, ...event }) {
    if (rooms.length > 0) io.to(rooms).emit('event', event);
  },
  onConnection(socket) {
    socket.join(socket.handshake.auth.rooms);
  },
});
