import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineClient } from '@netbuild/realtime-engine';
import { type Log, openSqliteLog } from '@netbuild/realtime-log';
import type { Fact } from '@netbuild/realtime-protocol';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { expect, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createSampleEngine } from '../../src/dev/sample-engine.ts';
import { type Gateway, type GatewayParts, startGateway } from '../../src/gateway.ts';
import { createPublish, type Publish } from '../../src/ingest/publish.ts';
import { inMilliseconds } from '../../src/retention/retention.ts';

export const JWT_SECRET = 'a secret for tests of 32 bytes or more';
export const PUBLISH_KEY = 'a publish key for tests';

/** A gateway under test, on a log of its own. */
export interface Bench extends Gateway {
  log: Log;
  publish: Publish;
  engine: EngineClient;
  /** A token of this gateway. */
  token(userId: string, groups?: string[], domainId?: string, ttl?: number): Promise<string>;
  /** A plain Socket.IO client; connects by itself. */
  plain(userId: string, options?: ClientOptions): Promise<Socket>;
  /** A client that speaks the SDK's wire. */
  sdk(userId: string, options?: ClientOptions): Promise<Socket>;
}

type ClientOptions = Partial<ManagerOptions & SocketOptions> & { groups?: string[]; domain?: string };

/** Starts a gateway; it and its clients end with the test. */
export async function startBench(
  environment: Record<string, string> = {},
  parts: Partial<
    Pick<
      GatewayParts,
      | 'log'
      | 'archive'
      | 'policy'
      | 'delivery'
      | 'presence'
      | 'backlog'
      | 'logger'
      | 'answerWithin'
      | 'trimEvery'
      | 'commandLimits'
      | 'silenceEvery'
      | 'silenceClock'
      | 'capture'
      | 'outbound'
      | 'database'
    > & { engine: EngineClient }
  > = {},
): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-test-'));
  const log = parts.log ?? (await openSqliteLog({ directory }));
  const config = readConfig({
    PORT: '0',
    JWT_SECRET,
    PUBLISH_KEY,
    DATA_DIR: directory,
    AUDIT: 'off',
    ...environment,
  });
  const publish = createPublish(log, {
    keepKeys: inMilliseconds(config.KEEP_KEYS_DAYS),
    archive: parts.archive,
  });
  const engine = parts.engine ?? createSampleEngine(publish, 'default');
  const engineOf = (name = 'default') => (name === 'default' ? engine : undefined);
  const logger = pino({ level: 'silent' });
  const gateway = await startGateway({ logger, ...parts, config, log, publish, engineOf });
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.disconnect();
    await gateway.close();
    await log.close();
    await rm(directory, { recursive: true });
  });
  const token = (userId: string, groups: string[] = [], domainId = 'default', ttl = 60) =>
    gateway.tokens.mint({ userId, domainId, groups }, ttl);
  const connect = async (userId: string, auth: object, { groups, domain, ...options }: ClientOptions) => {
    const socket = io(gateway.url, {
      auth: { token: await token(userId, groups, domain), ...auth },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...options,
    });
    sockets.push(socket);
    greetings.set(socket, next(socket, 'ready'));
    return socket;
  };
  return {
    ...gateway,
    log,
    publish,
    engine,
    token,
    plain: (userId, options = {}) => connect(userId, {}, options),
    sdk: (userId, options = {}) => connect(userId, { client: 'sdk', wire: 1 }, options),
  };
}

/** A socket whose token says more than who it is of. */
export async function withClaims(bench: Bench, user: string, claims: object) {
  const token = await new SignJWT({ domain: 'default', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(JWT_SECRET));
  return bench.sdk(user, { auth: { token, client: 'sdk', wire: 1 } });
}

/** What sockets are told when they are let in: it may come while the token of the next socket is being made. */
const greetings = new WeakMap<Socket, Promise<unknown[]>>();

function next(socket: Socket, name: string): Promise<unknown[]> {
  return new Promise((resolve) => socket.once(name, (...said: unknown[]) => resolve(said)));
}

/** The next event of this name, as what its listeners get; that it is ready a socket is told once. */
export function heard(socket: Socket, name: string): Promise<unknown[]> {
  return (name === 'ready' && greetings.get(socket)) || next(socket, name);
}

/** Waits until a look at something is as expected; a busy machine has time. */
export function until<T>(look: () => T) {
  return expect.poll(look, { timeout: 15_000, interval: 10 });
}

/** Emits and waits for the acknowledgement. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
export function ask(socket: Socket, name: string, ...said: unknown[]): Promise<any> {
  return socket.timeout(15_000).emitWithAck(name, ...said);
}

let facts = 0;

/** A fact, by the few words that a test cares about. */
export function fact(type: string, data: object, more: Partial<Fact> = {}): Fact {
  return { source: 'test', id: `fact-${++facts}`, type, time: new Date().toISOString(), data, ...more };
}

/** Posts a CloudEvent as a publisher. */
export async function post(bench: Bench, event: object) {
  const answer = await fetch(`${bench.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ specversion: '1.0', source: 'shop', ...event }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: answer.status, body: (await answer.json()) as any };
}

/** Gets something as a user. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
export async function get(bench: Bench, path: string, userId: string): Promise<any> {
  const headers = { authorization: `Bearer ${await bench.token(userId)}` };
  return (await fetch(`${bench.url}${path}`, { headers })).json();
}

/** Makes an execution with these people in it. */
export async function execution(bench: Bench, executionId: string, participants: string[]): Promise<void> {
  await bench.publish('default', [
    fact('execution:created', { executionId, title: executionId, participants }),
  ]);
}

/** Says something in an execution. */
export function message(executionId: string, content: string): Fact {
  const made = fact('message:new', {
    executionId,
    content,
    userId: 'alice',
    messageId: `message-${facts + 1}`,
  });
  return made;
}
