import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTokens } from '../src/auth/token.ts';
import { JWT_SECRET } from './support/gateway.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const environment = { PATH: process.env.PATH, JWT_SECRET, NODE_NO_WARNINGS: '1' };

const run = async (args: string[], env: NodeJS.ProcessEnv = environment) => {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [main, ...args], { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
};

async function serve(
  env: NodeJS.ProcessEnv = {},
  args: string[] = [],
): Promise<{ child: ChildProcess; url: string; printed: () => string; logged: () => string }> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-cli-'));
  const child = spawn(process.execPath, [main, 'serve', ...args], {
    env: { ...environment, DATA_DIR: directory, PORT: '0', ...env },
  });
  let printed = '';
  let logged = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (logged += chunk));
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  });
  await expect.poll(() => printed, { timeout: 15_000 }).toContain('listening on http://');
  return {
    child,
    url: /listening on (\S+)/.exec(printed)![1]!,
    printed: () => printed,
    logged: () => logged,
  };
}

const ISSUERS = '[{"issuer":"https://id.example","audience":"netbuild","domains":["default"]}]';

describe('netbuild-realtime', () => {
  test('explains itself', async () => {
    for (const args of [[], ['--help'], ['serve', '--help']]) {
      const { code, stdout } = await run(args);
      expect(code).toBe(0);
      expect(stdout).toContain('netbuild-realtime serve');
      expect(stdout).toContain('JWT_SECRET');
    }
  });

  test('token prints a token alone, that the gateway takes', async () => {
    const { stdout } = await run([
      'token',
      '--user',
      'alice',
      '--domain',
      'default',
      '--groups',
      'a, b',
      '--ttl',
      '60',
    ]);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const actor = await createTokens(JWT_SECRET).verify(stdout.trim());
    expect(actor).toMatchObject({ userId: 'alice', domainId: 'default', groups: ['a', 'b'] });
    expect(actor.expires - Date.now() / 1000).toBeLessThanOrEqual(60);
  });

  test.each<[string[], NodeJS.ProcessEnv, string]>([
    [['token', '--domain', 'd'], environment, '--user is missing'],
    [['token', '--user', 'u'], environment, '--domain is missing'],
    [['token', '--user', 'u', '--domain', 'd', '--ttl=-1'], environment, '--ttl must be'],
    [['token', '--user', 'u', '--domain', 'd'], { PATH: process.env.PATH }, 'JWT_SECRET must be set'],
    [['nonsense'], environment, 'There is no command nonsense'],
    [['serve', '--nonsense'], environment, '--nonsense'],
    [['serve'], { PATH: process.env.PATH }, 'JWT_SECRET is missing'],
    [['serve'], { ...environment, JWT_SECRET: 'short' }, 'JWT_SECRET: must have at least 32 bytes'],
    [['serve'], { ...environment, PORT: 'http' }, 'PORT: '],
    [['serve'], { ...environment, REDIS_URL: 'localhost' }, 'REDIS_URL: must begin with redis://'],
    [
      ['serve'],
      { ...environment, REDIS_URL: 'redis://:secret@127.0.0.1:1' },
      'in Redis at 127.0.0.1:1 cannot be opened',
    ],
    [['serve'], { ...environment, USERS: '{' }, 'USERS: is no JSON'],
    [
      ['serve'],
      { ...environment, ISSUERS: '[{"issuer":"http://id.example"}]' },
      'ISSUERS: 0.audience: audience is missing',
    ],
    [
      ['serve'],
      { ...environment, LOGIN_ISSUER: 'https://id.example' },
      'LOGIN_ISSUER: ISSUERS does not name it',
    ],
    [
      ['serve'],
      { PATH: process.env.PATH, ISSUERS, USERS: '[{"user":"a","password":"abcd"}]' },
      'USERS: JWT_SECRET is missing',
    ],
  ])('%j says what is wrong in a sentence', async (args, env, sentence) => {
    const { code, stdout, stderr } = await run(args, env);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('    at ');
  });

  test('serve says that its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const directory = await mkdtemp(join(tmpdir(), 'gateway-cli-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const { code, stderr } = await run(['serve'], { ...environment, PORT: `${port}`, DATA_DIR: directory });
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is in use`);
  });

  test('serve refuses a folder that another process has', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gateway-cli-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await serve({ DATA_DIR: directory });
    const { code, stderr } = await run(['serve'], { ...environment, PORT: '0', DATA_DIR: directory });
    expect(code).toBe(1);
    expect(stderr).toContain(directory);
  });

  test('serve names its node in each line of its log', async () => {
    const named = await serve({ INSTANCE_ID: 'ws-9' });
    const unnamed = await serve();
    await expect.poll(named.logged).toContain('"instance":"ws-9"');
    await expect.poll(unnamed.logged).toContain(`-${unnamed.child.pid}"`);
    const { code, stderr } = await run(['serve'], { ...environment, INSTANCE_ID: 'ws 9' });
    expect(code).toBe(1);
    expect(stderr).toContain('INSTANCE_ID');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'serve stops on %s, also with clients connected',
    async (signal) => {
      const { child, url } = await serve();
      const { io } = await import('socket.io-client');
      const token = await createTokens(JWT_SECRET).mint({ userId: 'a', domainId: 'd', groups: [] }, 60);
      const socket = io(url, { auth: { token }, reconnection: false });
      const closing = new Promise<{ code: string }>((resolve) => socket.on('closing', resolve));
      await new Promise((resolve) => socket.on('ready', resolve));
      const exited = once(child, 'exit');
      child.kill(signal);
      expect(await closing).toMatchObject({ code: 'stopping', comeBack: true });
      const [code] = await exited;
      expect(code).toBe(0);
    },
  );

  test('serve stops at once when it is told twice', async () => {
    // Two connections, and ten seconds from one to the next.
    const { child, url } = await serve({ DRAIN_PER_SECOND: '0.1' });
    const { io } = await import('socket.io-client');
    const token = await createTokens(JWT_SECRET).mint({ userId: 'a', domainId: 'd', groups: [] }, 60);
    const sockets = [1, 2].map(() => io(url, { auth: { token }, reconnection: false, forceNew: true }));
    onTestFinished(() => sockets.forEach((socket) => void socket.disconnect()));
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on('ready', resolve))));
    const closing = Promise.race(
      sockets.map((socket) => new Promise<{ code: string }>((resolve) => socket.on('closing', resolve))),
    );
    child.kill('SIGTERM');
    expect(await closing).toMatchObject({ code: 'stopping' });
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
  });

  test('serve --dev needs nothing, and a sample plays', async () => {
    const { url, printed } = await serve({ JWT_SECRET: undefined, DATA_DIR: undefined }, ['--dev']);
    const [, user, password] = /log in as (\S+) with (\S+)/.exec(printed())!;
    const login = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password }),
    });
    const { token } = (await login.json()) as { token: string };
    const { io } = await import('socket.io-client');
    const socket = io(url, { auth: { token } });
    onTestFinished(() => void socket.disconnect());
    const names = new Set<string>();
    socket.onAny((name: string) => names.add(name));
    socket.emit('join-execution', 'sample-1');
    await expect
      .poll(() => [...names], { timeout: 15_000 })
      .toEqual(expect.arrayContaining(['task:assigned', 'task:completed']));
  });
});

describe('netbuild-realtime dead-letters', () => {
  const key = 'a publish key for tests';
  const post = (url: string, commands: unknown[]) =>
    fetch(`${url}/v1/engine`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ engine: 'default', commands }),
    });
  const command = (id: string) => ({ id, committedAt: 1_767_268_800_000, events: [{ kind: 'novelty', id }] });

  test('lists, shows, replays and drops what a running gateway has kept aside', async () => {
    const { url } = await serve({ PUBLISH_KEY: key });
    const { port } = new URL(url);
    const ask = (...args: string[]) =>
      run(['dead-letters', ...args], { ...environment, PUBLISH_KEY: key, PORT: port });
    expect(await ask()).toMatchObject({ code: 0, stdout: 'There are no dead letters.\n' });
    await post(url, [command('c1')]);
    await post(url, [command('c2')]);
    const listed = (await ask('list')).stdout.trim().split('\n');
    expect(listed.map((line) => line.split('\t').filter((_cell, n) => n !== 1))).toEqual([
      ['1', 'default', 'unknown_event', expect.stringMatching(/^novelty; \d+ characters$/)],
      ['2', 'default', 'unknown_event', expect.stringMatching(/^novelty; \d+ characters$/)],
    ]);
    expect(JSON.parse((await ask('show', '2')).stdout)).toMatchObject({
      letter: 2,
      commands: [command('c2')],
    });
    const why = 'kept: No mapping knows novelty.';
    expect((await ask('replay', '--all')).stdout).toBe(`1: ${why}\n2: ${why}\n`);
    expect((await ask('replay', '2')).stdout).toBe(`2: ${why}\n`);
    expect((await ask('drop', '1')).stdout).toBe('1: dropped\n');
    expect((await run(['dead-letters', '--url', url], { ...environment, PUBLISH_KEY: key })).stdout).toMatch(
      /^2\t/,
    );
    // Nine processes, one after the other, on a machine that may be busy.
  }, 60_000);

  test('says what is wrong in a sentence', async () => {
    const { url } = await serve({ PUBLISH_KEY: key });
    const said = async (env: NodeJS.ProcessEnv, ...args: string[]) => {
      const { code, stderr } = await run(['dead-letters', ...args], { ...environment, ...env });
      expect(code).toBe(1);
      return stderr;
    };
    const right = { PUBLISH_KEY: key };
    expect(await said({}, '--url', url)).toContain('PUBLISH_KEY must be set');
    expect(await said({ PUBLISH_KEY: 'wrong' }, '--url', url)).toContain('key_invalid');
    expect(await said({ ...right, PORT: '1' })).toContain('There is no answer from http://127.0.0.1:1');
    expect(await said(right, '--url', url, 'show', '9')).toContain('9: There is no such thing. (not_found)');
    expect(await said(right, '--url', url, 'show', 'x')).toContain('x is no number');
    expect(await said(right, '--url', url, 'show')).toContain('Which one?');
    expect(await said(right, '--url', url, 'replay')).toContain('Which one?');
    expect(await said(right, '--url', url, 'drop')).toContain('Which one?');
    expect(await said(right, '--url', url, 'burn')).toContain('not burn');
    // Ten processes, one after the other, on a machine that may be busy.
  }, 60_000);
});

describe('netbuild-realtime revoke', () => {
  const key = 'a publish key for tests';

  test('ends tokens by user, by id, by the token itself, and by time', async () => {
    const { url } = await serve({ PUBLISH_KEY: key });
    const { port } = new URL(url);
    const revoke = async (...args: string[]) =>
      (await run(['revoke', ...args], { ...environment, PUBLISH_KEY: key, PORT: port })).stdout.trim();
    const minted = (userId: string) =>
      createTokens(JWT_SECRET).mint({ userId, domainId: 'default', groups: [] }, 60);
    const codeOf = async (token: string) => {
      const answer = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
      return ((await answer.json()) as { error?: { code: string } }).error?.code;
    };
    const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map(minted));
    expect(await revoke('--user', 'alice')).toMatch(
      /^revoked: the tokens of alice that were issued before \S+, in the domain default$/,
    );
    expect(await revoke('--token', bob!)).toMatch(/^revoked: the token [\w-]{36}, in the domain default$/);
    expect(await codeOf(alice!)).toBe('token_revoked');
    expect(await codeOf(bob!)).toBe('token_revoked');
    expect(await codeOf(carol!)).toBeUndefined();
    expect(await revoke('--before', 'now')).toMatch(/^revoked: all tokens that were issued before/);
    expect(await codeOf(carol!)).toBe('token_revoked');
  });

  test.each<[string[], NodeJS.ProcessEnv, string]>([
    [[], { PUBLISH_KEY: key }, '--before'],
    [['--user', 'alice'], {}, 'PUBLISH_KEY must be set'],
    [['--before', 'yesterday'], { PUBLISH_KEY: key }, 'yesterday is no time'],
    [['--user', 'alice'], { PUBLISH_KEY: key, PORT: '1' }, 'There is no answer'],
  ])('%j says what is wrong in a sentence', async (args, env, sentence) => {
    const { code, stderr } = await run(['revoke', ...args], { ...environment, ...env });
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
  });
});

describe('netbuild-realtime erase', () => {
  const key = 'a publish key for tests';

  test('leaves nothing of a person, of a message, and of what a room shows', async () => {
    const { url } = await serve({ PUBLISH_KEY: key });
    const { port } = new URL(url);
    const erase = async (...args: string[]) =>
      (await run(['erase', ...args], { ...environment, PUBLISH_KEY: key, PORT: port })).stdout.trim();
    let posted = 0;
    const post = (type: string, data: object) =>
      fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ specversion: '1.0', source: 'test', id: `${type} ${++posted}`, type, data }),
      });
    const say = (messageId: string, userId: string) =>
      post('message:new', { messageId, executionId: 'e', userId, content: `word of ${messageId}` });
    await post('execution:created', { executionId: 'e', title: 'Work', participants: ['alice', 'bob'] });
    for (const [id, who] of [
      ['m1', 'alice'],
      ['m2', 'bob'],
      ['m3', 'bob'],
    ] as const)
      await say(id, who);
    const bob = await createTokens(JWT_SECRET).mint({ userId: 'bob', domainId: 'default', groups: [] }, 60);
    const words = async () => {
      const answer = await fetch(`${url}/v1/events?room=execution:e`, {
        headers: { authorization: `Bearer ${bob}` },
      });
      return (await answer.text()).match(/word of m\d/g);
    };
    expect(await words()).toHaveLength(3);
    expect(await erase('--user', 'alice')).toMatch(/^erased: alice, as of [\w-]+:\d+$/);
    expect(await words()).toEqual(['word of m2', 'word of m3']);
    expect(await erase('--message', 'm2')).toMatch(/^erased: m2, as of/);
    expect(await words()).toEqual(['word of m3']);
    expect(await erase('--room', 'execution:e')).toMatch(/^erased: execution:e, as of/);
    expect(await words()).toBeNull();
  });

  test.each<[string[], NodeJS.ProcessEnv, string]>([
    [[], { PUBLISH_KEY: key }, 'Say one of --user, --message and --room'],
    [['--user', 'alice', '--room', 'execution:e'], { PUBLISH_KEY: key }, 'Say one of'],
    [['--user', 'alice'], {}, 'PUBLISH_KEY must be set'],
  ])('%j says what is wrong in a sentence', async (args, env, sentence) => {
    const { code, stderr } = await run(['erase', ...args], { ...environment, ...env });
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
  });
});
