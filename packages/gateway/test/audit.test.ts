import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { ask, execution, heard, startBench, until } from './support/gateway.ts';

/** A gateway whose log is read here, line by line. */
async function startAudited(environment: Record<string, string> = {}, level = 'warn') {
  const lines: Record<string, unknown>[] = [];
  let text = '';
  const write = (line: string): void => {
    text += line;
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  const bench = await startBench({ AUDIT: 'on', ...environment }, { logger: pino({ level }, { write }) });
  return {
    ...bench,
    /** The lines of the audit, without what every line has. */
    audit: () =>
      lines
        .filter(({ audit }) => audit)
        .map(
          ({ level: _level, time: _time, pid: _pid, hostname: _host, audit: _audit, msg: _msg, ...line }) =>
            line,
        ),
    text: () => text,
  };
}

const SECRET = 'nobody but bob may read this';

describe('The audit says', () => {
  test('who gave which command where, and what came of it, and never what was in it', async () => {
    const bench = await startAudited();
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.plain('alice');
    await ask(socket, 'message:send', { executionId: 'e1', content: SECRET, commandId: 'c1' });
    await ask(socket, 'message:send', { executionId: 'other', content: SECRET });
    await ask(socket, 'task:claim', { taskId: 't1' });
    await ask(socket, 'message:send', { executionId: 'e1' });
    const who = { user: 'alice', domain: 'default' };
    const commandId = expect.any(String);
    expect(bench.audit()).toEqual([
      { what: 'message:send', result: 'done', ...who, room: 'execution:e1', commandId: 'c1' },
      { what: 'message:send', result: 'forbidden', ...who, room: 'execution:other', commandId },
      { what: 'task:claim', result: 'forbidden', ...who, subject: 'task/t1', commandId },
      { what: 'message:send', result: 'invalid', ...who, room: 'execution:e1' },
    ]);
    expect(bench.text()).not.toContain(SECRET);
  });

  test('who was refused which room', async () => {
    const bench = await startAudited();
    await execution(bench, 'e1', ['bob']);
    const [plain, sdk] = [await bench.plain('alice'), await bench.sdk('alice')];
    await ask(plain, 'join-execution', 'e1');
    await ask(sdk, 'subscribe', { rooms: ['user:alice', 'user:bob'] });
    const token = await bench.token('alice');
    await fetch(`${bench.url}/v1/state?room=user:bob`, { headers: { authorization: `Bearer ${token}` } });
    const who = { user: 'alice', domain: 'default' };
    expect(bench.audit()).toEqual([
      { what: 'join-execution', result: 'forbidden', ...who, room: 'execution:e1' },
      { what: 'subscribe', result: 'forbidden', ...who, room: 'user:bob' },
      { what: 'GET /v1/state', result: 'forbidden', address: '127.0.0.1', room: 'user:bob' },
    ]);
  });

  test('who was not let in, and from where', async () => {
    const bench = await startAudited({ TRUSTED_PROXIES: '127.0.0.1' });
    const extraHeaders = { 'x-forwarded-for': '192.0.2.1' };
    const stranger = await bench.plain('alice', { auth: { token: 'a.secret.token' }, extraHeaders });
    await heard(stranger, 'connect_error');
    const foreign = await bench.plain('alice', {
      extraHeaders: { ...extraHeaders, origin: 'https://evil.example' },
    });
    await heard(foreign, 'connect_error');
    const address = '192.0.2.1';
    expect(bench.audit()).toEqual([
      { what: 'connect', result: 'token_invalid', address },
      { what: 'connect', result: 'origin_refused', address },
    ]);
    expect(bench.text()).not.toContain('a.secret.token');
  });

  test('whose connection was closed, and of a flood how much it leaves out', async () => {
    const bench = await startAudited({ LIMIT_CHAT_COMMANDS: '1/0.01', LIMIT_REFUSALS: '500/0.01' });
    const socket = await bench.plain('alice');
    await heard(socket, 'ready');
    for (let i = 0; i < 600; i++) socket.emit('message:send', {});
    await heard(socket, 'closing');
    const lines = bench.audit();
    expect(lines.at(-1)).toEqual({ what: 'close', result: 'too_fast', user: 'alice', domain: 'default' });
    expect(lines.filter(({ result }) => result === 'too_many_requests').length).toBeLessThan(450);
    await until(async () => {
      await ask(await bench.plain('bob'), 'join-execution', 'none');
      return bench.audit().reduce((sum, { leftOut = 0 }) => sum + (leftOut as number), 0);
    }).toBeGreaterThan(50);
  });

  test('nothing where it is turned off', async () => {
    const bench = await startAudited({ AUDIT: 'off' }, 'info');
    await ask(await bench.plain('alice'), 'join-execution', 'none');
    expect(bench.audit()).toEqual([]);
  });
});
