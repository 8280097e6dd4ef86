import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { temporaryFolder } from './temporary-folder.ts';

/** A Redis of a test's own, gone when its scope ends. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** A plain connection to it, for looking from outside. */
  readonly admin: Redis;
  /** Kills it outright. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** Sends a signal such as `SIGSTOP`. */
  signal(signal: NodeJS.Signals): void;
}

/** Why there is none; `undefined` where there is one. */
export function whyNoRedis(): string | undefined {
  if (isThere()) return undefined;
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore', timeout: 120_000 });
    execFileSync('apt-get', ['install', '-qq', '-y', 'redis-server'], { stdio: 'ignore', timeout: 120_000 });
  } catch {
    // Not root, not Debian, or no network: the next look tells.
  }
  return isThere() ? undefined : 'redis-server is not installed, and could not be';
}

function isThere(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts a Redis on a free port of the loopback, that saves nothing. */
export async function startRedis(...settings: string[]): Promise<RedisServer> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const admin = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => 50, protocol: 2 });
  admin.on('error', () => {});
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder.path, ...NOTHING_SAVED];
    const started = spawn('redis-server', [...options, ...settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      started.stdout!.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Ready to accept connections')) resolve();
      });
      started.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
    });
    if (admin.status === 'wait') await admin.connect();
  }

  async function kill(): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    admin,
    kill,
    start,
    signal: (signal) => void child?.kill(signal),
    async [Symbol.asyncDispose]() {
      admin.disconnect();
      await kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const NOTHING_SAVED = ['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0'];

/**
 * A port that nobody has, below those of which the system gives one to who asks for any: until Redis has it, and while
 * Redis is killed and started again, the server of another test could get it otherwise.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(20_000 * Math.random());
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    await new Promise((done) => server.close(done));
    return port;
  }
}
