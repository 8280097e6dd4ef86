import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// The version that the gateway builds on.
const { Server } = createRequire(new URL('../../packages/gateway/package.json', import.meta.url))(
  'socket.io',
);

/**
 * Serves Socket.IO as it comes, at `PORT` of the loopback, and says where. What is posted is answered once it is emitted.
 *
 * @param {{ onPost: (io: object, posted: any) => void, onConnection: (socket: object) => void }} options
 */
export function serveStock({ onPost, onConnection }) {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      onPost(io, JSON.parse(text));
      response.end('{}');
    });
  });
  const io = new Server(server, { pingInterval: 15_000, pingTimeout: 15_000, serveClient: false });
  io.on('connection', onConnection);
  server.listen(Number(process.env.PORT), '127.0.0.1', () => {
    process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
  });
}
