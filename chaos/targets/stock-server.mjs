import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createAdapter as redisAdapter } from '@socket.io/redis-adapter';
import { createAdapter as streamsAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';

// The version that the gateway builds on.
const { Server } = createRequire(new URL('../../packages/gateway/package.json', import.meta.url))(
  'socket.io',
);
const { ADAPTER, REDIS_URL, INSTANCE_ID } = process.env;

/**
 * What an application on stock Socket.IO does for the same load: a fact comes over HTTP and is emitted to its rooms.
 * It is given what it can use: connection state recovery, longer than any fault lasts, where its adapter has that,
 * and the ids of the facts that it has seen, in its memory or in Redis, so that a repeated fact is emitted once.
 */
const connect = () => new Redis(REDIS_URL, { protocol: 2 }).on('error', () => {});
const seen = ADAPTER ? inRedis(connect()) : inMemory();
const ADAPTERS = {
  redis: () => redisAdapter(connect(), connect()),
  streams: () => streamsAdapter(connect()),
};

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    publish(JSON.parse(text)).then(
      (status) => answer(200, { status }),
      (error) => answer(503, { error: error.message }),
    );
  });
  const answer = (status, body) => {
    response.statusCode = status;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  };
});

async function publish({ source, id, type, data, rooms = [], left = [] }) {
  const ref = `${source}/${id}`;
  if (await seen.has(ref)) return 'known';
  if (rooms.length > 0) io.to([...rooms, ...left]).emit('event', { ref, type, data });
  await seen.add(ref);
  return 'new';
}

const io = new Server(server, {
  ...(ADAPTER ? { adapter: ADAPTERS[ADAPTER]() } : {}),
  ...(ADAPTER === 'redis' ? {} : { connectionStateRecovery: { maxDisconnectionDuration: 120_000 } }),
  pingInterval: 15_000,
  pingTimeout: 15_000,
});
// What stands before the nodes knows by it who has a session.
io.engine.generateId = () => `${INSTANCE_ID}.${randomBytes(15).toString('base64url')}`;
io.on('connection', (socket) => {
  if (!socket.recovered) socket.join(socket.handshake.auth.rooms);
  socket.emit('ready');
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
});

function inMemory() {
  const ids = new Set();
  return { has: async (id) => ids.has(id), add: async (id) => ids.add(id) };
}

function inRedis(redis) {
  return {
    has: async (id) => (await redis.exists(`seen:${id}`)) === 1,
    add: (id) => redis.set(`seen:${id}`, 1, 'EX', 3600),
  };
}
