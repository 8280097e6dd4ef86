import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { PUBLISH_KEY, startBench } from '../../gateway/test/support/gateway.ts';
import { createPublisher } from '../src/index.ts';
import { ids } from './support/publisher.ts';
import { startScripted } from './support/scripted-gateway.ts';

const script = fileURLToPath(new URL('./support/at-exit.ts', import.meta.url));

/** Runs a process that publishes as its last act, to its end; answers what it says. */
async function run(url: string, events: number, closeTimeout: number): Promise<string> {
  const args = [script, url, PUBLISH_KEY, `${events}`, `${closeTimeout}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
  return stdout;
}

describe('A process that has nothing left to do', () => {
  test('ends when what it has published is in the log', async () => {
    const bench = await startBench();
    expect(await run(bench.url, 250, 10_000)).toBe('');
    const { entries } = await bench.log.read('default', { after: 0, limit: 1000 });
    expect(entries.map(({ body }) => JSON.parse(body).data.id)).toEqual(ids(1, 250));
  });

  test('ends when what was acknowledged can no longer be lost', async () => {
    const gateway = await startScripted({ settle: 300 });
    expect(await run(gateway.url, 3, 10_000)).toBe('');
    expect(gateway.batches).toEqual([ids(1, 3), ['1']]);
  });

  test('ends when a gateway was not there for a time, and says what it gives up', async () => {
    expect(await run('http://127.0.0.1:1', 2, 300)).toBe('1 closed\n2 closed\n');
  });

  test('ends at once with a publisher that has nothing', async () => {
    expect(await run('http://127.0.0.1:1', 0, 3_600_000)).toBe('');
  });
});

test('However many publishers there are, a process is listened to once, and not after they are closed', async () => {
  const before = process.listenerCount('beforeExit');
  const publishers = Array.from({ length: 20 }, () =>
    createPublisher({ url: 'http://127.0.0.1:1', key: 'a key', source: 'shop' }),
  );
  expect(process.listenerCount('beforeExit')).toBe(before + 1);
  for (const publisher of publishers) await publisher.close();
  expect(process.listenerCount('beforeExit')).toBe(before);
});

test.each(['gateway', 'localhost:3000', 'ws://localhost'])('%s is said at once to be no address', (url) => {
  expect(() => createPublisher({ url, key: 'a key', source: 'shop' })).toThrow(TypeError);
});
