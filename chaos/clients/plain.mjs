import { io } from 'socket.io-client';
import { notesIn } from './notes.mjs';

/** A stock Socket.IO client of the gateway: order and no doubles within a connection are all that it is promised. */
export function openPlainClient({ spec, port, token, file }) {
  const notes = notesIn(file);
  const socket = io(`http://127.0.0.1:${port}`, {
    auth: { token },
    transports: [spec.kind === 'plain' ? 'websocket' : 'polling'],
    reconnectionDelay: 100,
    reconnectionDelayMax: 1000,
    autoConnect: false,
    forceNew: true,
  });
  socket.on('connect', () => {
    notes.write('connect', Date.now());
    for (const room of spec.rooms) {
      const [kind, id] = room.split(':');
      socket.emit(`join-${kind}`, id);
    }
  });
  socket.on('disconnect', (reason) => notes.write('disconnect', Date.now(), reason));
  socket.onAny((_name, _data, meta) => {
    if (meta?.seq !== undefined) notes.write('event', meta.seq);
  });
  // It stays connected unless the server itself has closed: then a stock client does not come back by itself.
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') socket.connect();
  });
  const timer = setTimeout(() => socket.connect(), spec.startsAt);
  return {
    /** It is connected; nobody promises it more. */
    isWhole: () => socket.connected,
    async end() {
      clearTimeout(timer);
      socket.disconnect();
      await notes.end();
    },
  };
}
