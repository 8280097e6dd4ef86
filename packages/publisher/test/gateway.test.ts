import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RealtimeError } from '@netbuild/realtime-protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Bench, execution, PUBLISH_KEY, startBench } from '../../gateway/test/support/gateway.ts';
import { openRewindable } from '../../gateway/test/support/rewindable.ts';
import { troubled } from '../../gateway/test/support/troubled.ts';
import type { PublisherOptions } from '../src/index.ts';
import { ids, publishAll, until, watch } from './support/publisher.ts';

const watchBench = (bench: Bench, options: Partial<PublisherOptions> = {}) =>
  watch({ url: bench.url, key: PUBLISH_KEY, ...options });

/** The events of a domain's log, in its order. */
async function logged(bench: Bench, domain = 'default') {
  const { entries } = await bench.log.read(domain, { after: 0, limit: 5000 });
  return entries.map(
    ({ body }) => JSON.parse(body) as { type: string; rooms: string[]; time: string; data: { id: string } },
  );
}

const parcels = async (bench: Bench) => (await logged(bench)).map(({ data }) => data.id);

/** A way to a gateway that loses every answer but each so manieth, after the gateway has given it. */
async function startLosing(target: string, kept: number): Promise<{ url: string; lost: number }> {
  let answers = 0;
  const way = { url: '', lost: 0 };
  const server = createServer(async (request, response) => {
    const { authorization, 'content-type': type } = request.headers;
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const headers = { authorization: authorization!, 'content-type': type! };
    const answer = await fetch(`${target}${request.url}`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (++answers % kept === 0) return void response.writeHead(answer.status).end(text);
    way.lost++;
    response.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  way.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return way;
}

describe('What is published to a gateway', () => {
  test('is in the log, in order, with its id, time and rooms', async () => {
    const bench = await startBench();
    const publisher = watchBench(bench);
    await execution(bench, 'e1', ['alice']);
    publishAll(publisher, ids(1, 250));
    publisher.publish('message:new', {
      messageId: 'm1',
      executionId: 'e1',
      userId: 'alice',
      content: 'Grüße 😀',
    });
    const time = new Date(Date.now() - 60_000);
    publisher.publish(
      'x:all',
      { id: 'all' },
      {
        time,
        executionId: 'e 1',
        processInstanceId: 'p1',
        definitionKey: 'd',
        userId: 'René',
        groupId: 'leads',
      },
    );
    await publisher.flush();
    const [, ...all] = await logged(bench);
    expect(all.slice(0, 250).map(({ data }) => data.id)).toEqual(ids(1, 250));
    expect(all.slice(250)).toMatchObject([
      { type: 'message:new', rooms: ['execution:e1'], data: { content: 'Grüße 😀' } },
      {
        type: 'x:all',
        time: time.toISOString(),
        rooms: ['execution:e 1', 'process:p1', 'definition:d', 'user:René', 'group:leads'],
      },
    ]);
    expect([publisher.refused, publisher.failed]).toEqual([[], []]);
  });

  test('goes to the domain of the publisher', async () => {
    const bench = await startBench();
    const { epoch } = await bench.log.head('acme');
    const publisher = watchBench(bench, { domain: 'acme' });
    const about = { id: '1', userId: 'alice', time: new Date() };
    expect(await publisher.send('x:parcel', {}, about)).toEqual({ id: '1', status: 'new', epoch, seq: 1 });
    expect(await publisher.send('x:parcel', {}, about)).toEqual({ id: '1', status: 'known', epoch, seq: 1 });
    expect(await logged(bench)).toEqual([]);
  });

  test('is refused by itself, with its field, where it is wrong', async () => {
    const bench = await startBench();
    const publisher = watchBench(bench);
    publishAll(publisher, ['1']);
    publisher.publish('task:completed', {} as { taskId: string }, { id: 'bad' });
    publisher.publish('x:', {}, { id: 'nameless', userId: 'alice' });
    publisher.publish('x:parcel', {}, { id: 'timeless', userId: 'alice', time: 'yesterday' });
    publisher.publish('x:parcel', JSON.parse('{"__proto__": {}}'), { id: 'unfit', userId: 'alice' });
    publisher.publish('message:edited', { messageId: 'none', content: 'text' }, { id: 'nowhere' });
    publishAll(publisher, ['2']);
    await publisher.flush();
    await until(() => publisher.refused).toEqual([
      ['bad', 'invalid', 'data.taskId'],
      ['nameless', 'unknown_type', 'type'],
      ['timeless', 'invalid', 'time'],
      ['unfit', 'invalid'],
      ['nowhere', 'not_found', 'messageId'],
    ]);
    expect(await parcels(bench)).toEqual(['1', '2']);
  });

  test('comes in smaller batches where the gateway takes no larger ones', async () => {
    const bench = await startBench({ LIMIT_BATCH_EVENTS: '7', LIMIT_BODY_BYTES: '4096' });
    const publisher = watchBench(bench);
    publishAll(publisher, ids(1, 40));
    publishAll(publisher, ['large'], { text: 'x'.repeat(5000) });
    publishAll(publisher, ids(41, 80));
    await publisher.flush();
    await until(() => publisher.refused).toEqual([['large', 'too_large']]);
    expect(await parcels(bench)).toEqual(ids(1, 80));
    expect(publisher.failed).toEqual([]);
  });

  test('is held back, and not lost, while the key is refused', async () => {
    const bench = await startBench();
    let key = 'an old key';
    const publisher = watchBench(bench, { key: () => key });
    publishAll(publisher, ids(1, 3));
    await until(() => publisher.failed.length).toBeGreaterThan(1);
    expect(publisher.failed[0]).toMatchObject({ code: 'key_invalid', details: { status: 401 } });
    key = PUBLISH_KEY;
    await publisher.flush();
    expect(await parcels(bench)).toEqual(ids(1, 3));
    expect(publisher.refused).toEqual([]);
  });

  test('is there once, in order, where most answers are lost on their way', async () => {
    const bench = await startBench();
    const way = await startLosing(bench.url, 3);
    const publisher = watchBench(bench, { url: way.url, batch: { events: 10 } });
    publishAll(publisher, ids(1, 100));
    await publisher.flush();
    expect(way.lost).toBe(20);
    expect(await parcels(bench)).toEqual(ids(1, 100));
    expect(publisher.refused).toEqual([]);
  });

  test.each(['default', 'acme'])(
    'comes again, once and in order, where the log of %s goes back',
    async (domain) => {
      const { log, keep, rewind } = await openRewindable();
      let settle = 60_000;
      let isCut = false;
      const bench = await startBench(
        {},
        {
          log: troubled(log, {
            append:
              (append) =>
              async (...what) => {
                if (isCut && what[0] === domain) {
                  isCut = false;
                  throw new RealtimeError('storage_unavailable');
                }
                return { ...(await append(...what)), settle };
              },
          }),
        },
      );
      const publisher = watchBench(bench, { domain, batch: { events: 3 } });
      publishAll(publisher, ids(1, 5));
      await publisher.flush();
      await keep();
      publishAll(publisher, ids(6, 17));
      await publisher.flush();
      await rewind();
      isCut = true;
      settle = 50;
      publishAll(publisher, ids(18, 20));
      await publisher.flush();
      await until(() => publisher.buffered.events).toBe(0);
      expect(publisher.failed).toMatchObject([{ code: 'storage_unavailable' }]);
      expect((await logged(bench, domain)).map(({ data }) => data.id)).toEqual(ids(1, 20));
    },
  );
});
