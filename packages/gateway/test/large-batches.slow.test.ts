import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type Bench, PUBLISH_KEY, startBench } from './support/gateway.ts';

/** Posts text and reads the answer, also one that comes before all of the text has gone. */
function post(
  bench: Bench,
  body: string,
): Promise<{ status: number; body: { error?: { code: string }; seq?: number } }> {
  const length = Buffer.byteLength(body);
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${PUBLISH_KEY}`,
      'content-type': 'application/json',
      'content-length': length,
    };
    const asking = request(`${bench.url}/v1/engine`, { method: 'POST', headers }, async (answer) => {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += chunk;
      resolve({ status: answer.statusCode!, body: JSON.parse(text) });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

const batch = (...commands: unknown[]) => JSON.stringify({ engine: 'default', commands });
const committedAt = 1_767_268_800_000;
const MEGABYTE = 1024 * 1024;

describe('A batch of the relay', () => {
  test('of 50 MB is taken whole', { timeout: 180_000 }, async () => {
    const bench = await startBench();
    const description = 'd'.repeat(3900);
    const tasks = (n: number) =>
      Array.from({ length: 100 }, (_, i) => ({
        kind: 'task',
        event: 'create',
        id: `t${n}-${i}`,
        description,
      }));
    const body = batch(
      ...Array.from({ length: 128 }, (_, n) => ({ id: `c${n}`, committedAt, events: tasks(n) })),
    );
    expect(body.length).toBeGreaterThan(50_000_000);
    const { status, body: answer } = await post(bench, body);
    expect(status).toBe(200);
    expect(answer.seq).toBe(12_800);
  });

  test('of 50 MB that nobody understands is kept aside in parts, and holds nobody up', {
    timeout: 180_000,
  }, async () => {
    const bench = await startBench();
    const events = Array.from({ length: 50_000 }, (_, n) => ({ kind: 'novelty', n, text: 'x'.repeat(1000) }));
    const known = { id: 'c2', committedAt, events: [{ kind: 'process', event: 'start', id: 'p1' }] };
    const { status } = await post(bench, batch({ id: 'c1', committedAt, events }, known));
    expect(status).toBe(200);
    expect(await bench.log.rows('default', ['process/p1'])).toHaveLength(1);
    const letter = async (n: number) => {
      const [row] = await bench.log.rows('default', [`dead-letter/${n}`]);
      const { commands } = (JSON.parse(row!.body) as { data: { commands: { events: unknown[] }[] } }).data;
      return commands.reduce((sum, { events }) => sum + events.length, 0);
    };
    const [book] = await bench.log.rows('default', ['dead-letter/book']);
    const { next } = (JSON.parse(book!.body) as { data: { next: number } }).data;
    let kept = 0;
    for (let n = 1; n < next; n++) kept += await letter(n);
    expect(kept).toBe(events.length);
  });

  test.each([65, 200])('of %i MB is too large, and told so', async (megabytes) => {
    const bench = await startBench();
    const text = 'x'.repeat(megabytes * MEGABYTE);
    const { status, body } = await post(
      bench,
      batch({ id: 'c1', committedAt, events: [{ kind: 'task', text }] }),
    );
    expect({ status, code: body.error?.code }).toEqual({ status: 413, code: 'too_large' });
    expect((await bench.log.head('default')).seq).toBe(0);
  });

  test('with the wrong key is not even read', async () => {
    const bench = await startBench();
    const answer = await fetch(`${bench.url}/v1/engine`, {
      method: 'POST',
      headers: { authorization: 'Bearer wrong', 'content-type': 'application/json' },
      body: 'no JSON',
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'key_invalid' } });
  });
});
