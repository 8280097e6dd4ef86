import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { io } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import { createClient } from '../../packages/client/src/index.ts';
import { startRedis } from '../../packages/log/test/redis-server.ts';
import { freePort } from '../../scripts/lib/ports.mjs';
import { tokenOf } from '../../scripts/lib/token.mjs';
import { environmentOf } from '../../scripts/stack/compose.mjs';
import { startGateway } from '../../scripts/stack/gateway.mjs';
import { startNginx } from '../../scripts/stack/nginx.mjs';
import { certificateIn } from './certificate.mjs';

/** The group that everybody is in. */
const GROUP = 'all';

/**
 * What `deploy/` describes, on this machine: two gateways on one Redis behind nginx. All of it ends with the test.
 *
 * @param {Record<string, string>} settings of the gateways, beside those of `compose.yaml`
 * @param {{ isSecure?: boolean }} how `isSecure`: nginx listens over TLS, as it is deployed
 */
export async function startCluster(settings = {}, { isSecure = false } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cluster-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const redis = await startRedis();
  onTestFinished(() => redis[Symbol.asyncDispose]());
  const secrets = {
    JWT_SECRET: randomBytes(32).toString('hex'),
    PUBLISH_KEY: randomBytes(16).toString('hex'),
    LOG_LEVEL: 'warn',
    ...settings,
  };

  const nodes = {};
  for (const service of ['websocket-1', 'websocket-2']) {
    const port = await freePort();
    const env = {
      ...environmentOf(service, secrets),
      // What compose has no variable for, a test may set all the same.
      ...settings,
      HOST: '127.0.0.1',
      TRUSTED_PROXIES: '127.0.0.1',
      PORT: `${port}`,
      REDIS_URL: redis.url,
    };
    const node = { id: env.INSTANCE_ID, address: `127.0.0.1:${port}` };
    node.start = async () => {
      node.gateway = await startGateway({ env, log: path.join(folder, `${service}.txt`) });
    };
    await node.start();
    onTestFinished(() => node.gateway.stop());
    nodes[node.id] = node;
  }
  const { tls, certificate } = isSecure ? await certificateIn(path.join(folder, 'tls')) : {};
  const nginx = await startNginx({ nodes: Object.values(nodes), folder: path.join(folder, 'nginx'), tls });
  onTestFinished(() => nginx.stop());

  const token = (user) => tokenOf(secrets.JWT_SECRET, { user, groups: [GROUP], domain: 'default' });
  let published = 0;
  return {
    nginx,
    /** What clients are to trust, where it is secure. */
    certificate,
    nodes,
    token,
    /** Publishes the next number to everybody; once, without trying again. */
    async publish() {
      const id = `${++published}`;
      const answer = await fetch(`${nginx.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secrets.PUBLISH_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          specversion: '1.0',
          id,
          source: 'test',
          type: 'x:tick',
          groupid: GROUP,
          data: { id },
        }),
      });
      if (!answer.ok) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
    },
    /** A stock Socket.IO client that connects by itself, and what it has heard. */
    plain(options) {
      const socket = io(nginx.url, {
        auth: { token: token('plain') },
        forceNew: true,
        reconnectionDelay: 50,
        reconnectionDelayMax: 200,
        ...options,
      });
      onTestFinished(() => void socket.disconnect());
      const heard = [];
      const errors = [];
      let ready = 0;
      socket.on('tick', ({ id }) => heard.push(id));
      socket.on('connect_error', (error) => errors.push(error));
      socket.on('ready', () => ready++);
      return {
        socket,
        heard,
        errors,
        get ready() {
          return ready;
        },
        /** The node that has its session. */
        get node() {
          return socket.io.engine?.id?.split('.')[0];
        },
      };
    },
    /** A client on the SDK, and what it was told. */
    sdk(transports) {
      const client = createClient({
        url: nginx.url,
        token: token('sdk'),
        transports,
        backoff: { base: 50, limit: 200 },
      });
      onTestFinished(() => client.disconnect());
      const heard = [];
      client.on('*', ({ type, data }) => type === 'x:tick' && heard.push(data.id));
      client.connect();
      return { client, heard };
    },
  };
}
