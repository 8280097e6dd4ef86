import type { Checkpoint, PublishAnswer, StateAnswer } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { ask, type Bench, execution, fact, PUBLISH_KEY, startBench, until } from './support/gateway.ts';
import { openRewindable } from './support/rewindable.ts';

const delivery = { lookEvery: 10, checkpointEvery: 50 };

/** What the relay of an engine posts that has nothing to bring. */
async function relay(bench: Bench, engine: string, whole?: string | null): Promise<PublishAnswer> {
  const answer = await fetch(`${bench.url}/v1/engine`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ engine, commands: [], ...(whole === undefined ? {} : { whole }) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as PublishAnswer;
}

async function state(bench: Bench, room: string, domain?: string): Promise<StateAnswer> {
  const answer = await fetch(`${bench.url}/v1/state?room=${room}`, {
    headers: { authorization: `Bearer ${await bench.token('alice', [], domain)}` },
  });
  return (await answer.json()) as StateAnswer;
}

/** A gateway on a log that can go back, known to these engines. */
async function known(...engines: string[]) {
  const storage = await openRewindable();
  const bench = await startBench({}, { log: storage.log, delivery });
  await execution(bench, 'e1', ['alice']);
  for (const engine of engines) await relay(bench, engine, (await relay(bench, engine)).epoch);
  await storage.keep();
  return { bench, rewind: storage.rewind };
}

describe('A log that has begun another life is rebuilding', () => {
  test('until every source that keeps has said that all of its is there', async () => {
    const { bench, rewind } = await known('one', 'two');
    const before = await bench.sdk('alice');
    expect(await ask(before, 'subscribe', { rooms: ['execution:e1'] })).not.toHaveProperty('rebuilding');
    expect(await state(bench, 'execution:e1')).not.toHaveProperty('rebuilding');
    await rewind();

    const socket = await bench.sdk('alice');
    const checkpoints: Checkpoint[] = [];
    socket.on('checkpoint', (checkpoint) => checkpoints.push(checkpoint));
    const fresh = await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
    expect(fresh).toMatchObject({ recovered: false, rebuilding: true });
    expect(
      await ask(socket, 'subscribe', { rooms: ['user:alice'], since: `${fresh.epoch}:${fresh.seq}` }),
    ).toMatchObject({ recovered: true, rebuilding: true });
    expect(await state(bench, 'execution:e1')).toMatchObject({ rebuilding: true });
    await until(() => checkpoints.at(-1)).toMatchObject({ rebuilding: true });

    const asked = await relay(bench, 'one');
    expect(asked).toMatchObject({ epoch: fresh.epoch, rebuilding: true });
    await relay(bench, 'one', asked.epoch);
    await until(() => relay(bench, 'one')).not.toHaveProperty('rebuilding');
    // What is of a life before says nothing.
    await relay(bench, 'two', 'another life');
    expect(await state(bench, 'execution:e1')).toMatchObject({ rebuilding: true });
    await relay(bench, 'two', asked.epoch);
    await until(() => checkpoints.at(-1)).not.toHaveProperty('rebuilding');
    expect(await state(bench, 'execution:e1')).not.toHaveProperty('rebuilding');
    expect(await ask(socket, 'subscribe', { rooms: ['execution:e1'] })).not.toHaveProperty('rebuilding');
  });

  test('in every domain, since the same storage has them all', async () => {
    const { bench, rewind } = await known('one');
    await bench.publish('acme', [fact('task:created', { taskId: 't1', assignee: 'alice' })]);
    await rewind();
    const socket = await bench.sdk('alice', { domain: 'acme' });
    expect(await ask(socket, 'subscribe', { rooms: ['user:alice'] })).toMatchObject({ rebuilding: true });
    await relay(bench, 'one', (await relay(bench, 'one')).epoch);
    await until(() => state(bench, 'user:alice', 'acme')).not.toHaveProperty('rebuilding');
  });

  test('for a node that starts meanwhile, too', async () => {
    const { bench, rewind } = await known('one');
    await rewind();
    const other = await startBench({}, { log: bench.log, delivery });
    expect(await state(other, 'execution:e1')).toMatchObject({ rebuilding: true });
  });

  test('no longer for a source that keeps nothing any more', async () => {
    const { bench, rewind } = await known('one', 'gone');
    await rewind();
    await relay(bench, 'one', (await relay(bench, 'one')).epoch);
    await relay(bench, 'gone', null);
    await until(() => state(bench, 'execution:e1')).not.toHaveProperty('rebuilding');
  });

  test('never where no source has ever kept anything', async () => {
    const { bench, rewind } = await known();
    await relay(bench, 'one');
    await rewind();
    expect(await state(bench, 'execution:e1')).not.toHaveProperty('rebuilding');
    expect(await relay(bench, 'one')).not.toHaveProperty('rebuilding');
  });
});

test('What the relay sends behind what may be lost is refused in another life, before it was sent again', async () => {
  const { bench, rewind } = await known('one');
  const post = (epoch: string) =>
    fetch(`${bench.url}/v1/engine`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        engine: 'one',
        epoch,
        commands: [
          {
            id: 'c1',
            committedAt: 1,
            events: [{ kind: 'process', event: 'start', id: 'p1', businessKey: 'e2' }],
          },
        ],
      }),
    });
  const { epoch } = await relay(bench, 'one');
  await rewind();
  const refused = await post(epoch);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ error: { code: 'life_over', retryable: true } });
  expect(await bench.log.rows('default', ['process/p1'])).toEqual([]);
  expect((await post((await relay(bench, 'one')).epoch)).status).toBe(200);
  expect(await bench.log.rows('default', ['process/p1'])).toHaveLength(1);
});

test('What sources say is in no room, and not for publishers to say', async () => {
  const { bench } = await known('one');
  const [row] = await bench.log.rows('default', ['source/engines']);
  expect(row).toMatchObject({ rooms: [], open: true });
  const answer = await fetch(`${bench.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      specversion: '1.0',
      id: '1',
      source: 'shop',
      type: 'source:whole',
      data: { source: 'one', epoch: 'e' },
    }),
  });
  expect(answer.status).toBe(400);
});
