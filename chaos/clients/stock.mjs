import { io } from 'socket.io-client';
import { notesIn } from './notes.mjs';

/** A stock client of a stock server, with connection state recovery: it notes what comes and when it was told so. */
export function openStockClient({ spec, port, file }) {
  const notes = notesIn(file);
  const rooms = [`user:${spec.user}`, ...spec.groups.map((group) => `group:${group}`), ...spec.rooms];
  const socket = io(`http://127.0.0.1:${port}`, {
    auth: { rooms },
    transports: [spec.kind.endsWith('polling') ? 'polling' : 'websocket'],
    reconnectionDelay: 100,
    reconnectionDelayMax: 1000,
    autoConnect: false,
    forceNew: true,
  });
  notes.write('rooms', rooms);
  socket.on('connect', () => notes.write('connect', Date.now(), socket.recovered));
  socket.on('ready', () => notes.write('ready', Date.now()));
  socket.on('disconnect', (reason) => {
    notes.write('disconnect', Date.now(), reason);
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('event', ({ ref }) => notes.write('event', ref));
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
