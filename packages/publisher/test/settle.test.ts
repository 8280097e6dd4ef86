import { describe, expect, test } from 'vitest';
import { ids, publishAll, until, watch } from './support/publisher.ts';
import { startScripted } from './support/scripted-gateway.ts';

describe('A publisher whose gateway may lose what it has acknowledged', () => {
  test('keeps it for that long, asks once whether the life is the same, and lets go', async () => {
    const gateway = await startScripted({ settle: 150 });
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 3));
    await publisher.flush();
    expect(publisher.buffered.events).toBe(3);
    await until(() => publisher.buffered).toEqual({ events: 0, bytes: 0 });
    expect(gateway.batches).toEqual([ids(1, 3), ['1']]);
    const [sent, asked] = gateway.requests.map(({ at }) => at);
    expect(asked! - sent!).toBeGreaterThan(145);
  });

  test('lets go of it by the answer to what follows, where something does', async () => {
    const gateway = await startScripted({ settle: 500 });
    const publisher = watch(gateway);
    publishAll(publisher, ['1']);
    await publisher.flush();
    const acknowledgedAt = performance.now();
    gateway.faults.push('silence');
    publishAll(publisher, ['2']);
    await until(() => gateway.requests.length).toBe(2);
    publishAll(publisher, ['3']);
    await until(() => performance.now() - acknowledgedAt).toBeGreaterThan(500);
    gateway.release();
    await publisher.flush();
    // The second request was made too early to say anything of the first.
    expect(gateway.batches).toEqual([['1'], ['2'], ['3']]);
    expect(publisher.buffered.events).toBe(2);
  });

  test('asks once for all that came before', async () => {
    const gateway = await startScripted({ settle: 1000 });
    const publisher = watch({ ...gateway, batch: { events: 1 } });
    publishAll(publisher, ids(1, 10));
    await until(() => publisher.buffered.events).toBe(0);
    expect(gateway.batches).toEqual([...ids(1, 10).map((id) => [id]), ['1']]);
  });

  test('sends all of it again, in order, when the log is in another life', async () => {
    const gateway = await startScripted({ settle: 500 });
    const publisher = watch({ ...gateway, batch: { events: 2 } });
    publishAll(publisher, ids(1, 5));
    await publisher.flush();
    gateway.fork('e2', 2);
    await until(() => publisher.buffered.events).toBe(0);
    expect(gateway.log).toEqual(ids(1, 5));
    expect(gateway.batches.slice(3, 7)).toEqual([['1'], ['1', '2'], ['3', '4'], ['5']]);
  });

  test('sends it again before what follows, where a failure has come between', async () => {
    const gateway = await startScripted({ settle: 60_000 });
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 4));
    await publisher.flush();
    gateway.fork('e2', 1);
    gateway.faults.push('cut');
    publishAll(publisher, ids(5, 7));
    await publisher.flush();
    expect(gateway.log).toEqual(ids(1, 7));
    expect(gateway.batches.slice(1)).toEqual([ids(5, 7), ['1'], ids(1, 7)]);
    expect(publisher.buffered.events).toBe(7);
  });

  test('sends it again at once where only the answer to what follows tells', async () => {
    const gateway = await startScripted({ settle: 60_000 });
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 3));
    await publisher.flush();
    gateway.fork('e2', 0);
    publishAll(publisher, ['4']);
    await until(() => gateway.log).toEqual(['4', '1', '2', '3']);
    expect(publisher.buffered.events).toBe(4);
  });

  test('sends again what was sent again, as long as lives end', async () => {
    const gateway = await startScripted({ settle: 60_000 });
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 20));
    await publisher.flush();
    for (const life of [2, 3, 4]) {
      gateway.fork(`e${life}`, 0);
      gateway.faults.push('cut');
      if (life === 4) gateway.settle = 50;
      publishAll(publisher, [`${19 + life}`]);
      await publisher.flush();
    }
    await until(() => publisher.buffered.events).toBe(0);
    expect(gateway.log).toEqual(ids(1, 23));
    expect(publisher.refused).toEqual([]);
  });

  test('counts what it keeps to what it may hold', async () => {
    const gateway = await startScripted({ settle: 60_000 });
    const publisher = watch({ ...gateway, buffer: { events: 3 } });
    publishAll(publisher, ids(1, 3));
    await publisher.flush();
    publishAll(publisher, ['4']);
    await until(() => publisher.refused).toEqual([['4', 'buffer_full']]);
    gateway.fork('e2', 0);
    expect(await publisher.close()).toEqual({ unanswered: 0, unsettled: 3 });
  });

  test('tells what another life refuses, and no acknowledgement twice', async () => {
    const gateway = await startScripted({ settle: 100 });
    const publisher = watch(gateway);
    const sent = await Promise.all(
      ids(1, 3).map((id) => publisher.send('x:parcel', {}, { id, userId: 'alice' })),
    );
    expect(sent.map(({ epoch }) => epoch)).toEqual(['e1', 'e1', 'e1']);
    gateway.fork('e2', 0);
    gateway.refuses.add('1').add('3');
    await until(() => publisher.buffered.events).toBe(0);
    await until(() => publisher.refused).toEqual([
      ['1', 'invalid', 'data.1'],
      ['3', 'invalid', 'data.3'],
    ]);
    expect(gateway.log).toEqual(['2']);
  });

  test('waits for what is given, however often all before it was sent again', async () => {
    const gateway = await startScripted({ settle: 60_000 });
    const publisher = watch(gateway);
    publishAll(publisher, ids(1, 3));
    await publisher.flush();
    gateway.fork('e2', 0);
    publishAll(publisher, ['4']);
    await until(() => gateway.log).toEqual(['4', '1', '2', '3']);
    await publisher.flush();
    gateway.faults.push('silence');
    publishAll(publisher, ['5']);
    let isFlushed = false;
    const flushed = publisher.flush().then(() => {
      isFlushed = true;
    });
    await until(() => gateway.batches.at(-1)).toEqual(['5']);
    expect(isFlushed).toBe(false);
    gateway.release();
    await flushed;
    expect(gateway.log).toEqual(['4', '1', '2', '3', '5']);
  });

  test('is closed when nothing can be lost any more', async () => {
    const gateway = await startScripted({ settle: 100 });
    const publisher = watch({ ...gateway, closeTimeout: 10_000 });
    publishAll(publisher, ids(1, 3));
    await publisher.flush();
    gateway.fork('e2', 0);
    expect(await publisher.close()).toEqual({ unanswered: 0, unsettled: 0 });
    expect(gateway.log).toEqual(ids(1, 3));
  });
});
