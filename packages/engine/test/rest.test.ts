import { describe, expect, test } from 'vitest';
import { createRest, polite } from '../src/index.ts';
import { reply, startRest } from './support/rest.ts';

describe('Reading from the engine', () => {
  test('asks with the account, and with dates whose plus survives the way', async () => {
    const { url, asked } = await startRest(reply(200, '[]'));
    const rest = createRest({ url: `${url}/`, user: 'gateway', password: 'geheim' });
    await rest.read('/task', {
      updatedAfter: '2026-01-01T12:00:00.000+0000',
      maxResults: 5,
      name: undefined,
    });
    await rest.read('/task', {}, { taskIdIn: ['a'] });
    expect(asked).toEqual([
      {
        method: 'GET',
        path: '/engine-rest/task?updatedAfter=2026-01-01T12%3A00%3A00.000%2B0000&maxResults=5',
        authorization: `Basic ${Buffer.from('gateway:geheim').toString('base64')}`,
        body: '',
      },
      expect.objectContaining({ method: 'POST', path: '/engine-rest/task', body: { taskIdIn: ['a'] } }),
    ]);
  });

  test.each([
    ['a page of a login', 200, '<html>', 'engine_unreachable', /text\/html that is no JSON/],
    ['nothing', 204, '', 'engine_unreachable', /204/],
    ['a way to somewhere else', 302, '', 'engine_unreachable', /302/],
    ['a page of a proxy', 404, '<html>', 'engine_unreachable', /404/],
    ['a failure of its own', 500, '{"message":"no database"}', 'engine_unreachable', /no database/],
    ['that there is no such thing', 404, '{"message":"no definition"}', 'not_found', /no definition/],
    ['the same, in the engine’s own way', 500, '{"type":"NullValueException"}', 'not_found', /500/],
    ['that it must not be', 403, '{"message":"not you"}', 'engine_refused', /403, not you/],
  ])('says which error it is where the answer is %s', async (_what, status, body, code, message) => {
    const { url } = await startRest(
      reply(status, body, body.startsWith('{') ? 'application/json' : 'text/html'),
    );
    await expect(createRest({ url }).read('/task')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test('gives up an answer that does not come, and one that the caller no longer wants', async () => {
    const { url, asked } = await startRest(() => undefined);
    await expect(createRest({ url, timeout: 50 }).read('/task')).rejects.toMatchObject({
      code: 'engine_unreachable',
    });
    const ending = new AbortController();
    const reading = createRest({ url, signal: ending.signal }).read('/task');
    await expect.poll(() => asked.length).toBe(2);
    ending.abort();
    await expect(reading).rejects.toMatchObject({ code: 'engine_unreachable' });
  });
});

describe('What reconcile asks of an engine', () => {
  test('is never more at once than it may be, and all is asked in the end, whatever fails', async () => {
    let underWay = 0;
    let most = 0;
    const read = async <T>(path: string): Promise<T> => {
      most = Math.max(most, ++underWay);
      await new Promise((next) => setImmediate(next));
      underWay--;
      if (path === '/3') throw new Error('refused');
      return path as T;
    };
    const { read: ask } = polite({ read }, { concurrent: 3, perSecond: 1e6 });
    const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => ask(`/${n}`)));
    expect(most).toBe(3);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(19);
  });

  test('is spread over time once a second’s worth was asked', async () => {
    const { read } = polite({ read: async <T>() => undefined as T }, { concurrent: 100, perSecond: 100 });
    const begun = performance.now();
    await Promise.all(Array.from({ length: 150 }, () => read('/task')));
    expect(performance.now() - begun).toBeGreaterThan(400);
  });
});
