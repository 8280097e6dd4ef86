import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// The versions that the gateway builds on.
const ofGateway = createRequire(new URL('../../packages/gateway/package.json', import.meta.url));
const { Server } = ofGateway('socket.io');
const { jwtVerify } = await import(ofGateway.resolve('jose'));

const key = new TextEncoder().encode(process.env.JWT_SECRET);

/** Stock Socket.IO that lets nobody in without a token, as its documentation shows. */
const server = createServer();
const io = new Server(server, { pingInterval: 15_000, pingTimeout: 15_000, serveClient: false });
io.use((socket, next) => {
  jwtVerify(socket.handshake.auth.token, key, { algorithms: ['HS256'], requiredClaims: ['exp'] })
    .then(({ payload }) => {
      socket.data = { userId: payload.sub, domainId: payload.domain, groups: payload.groups };
      next();
    })
    .catch(() => next(new Error('token_invalid')));
});
io.on('connection', (socket) => {
  const { userId, domainId, groups } = socket.data;
  socket.join([`user:${userId}`, `domain:${domainId}`, ...groups.map((group) => `group:${group}`)]);
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
});
