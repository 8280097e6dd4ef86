import type { Checkpoint, Delivered } from '@netbuild/realtime-protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDelivery } from '../src/delivery/delivery.ts';
import { createTail } from '../src/delivery/tail.ts';
import { impatient } from '../src/impatient.ts';
import { ask, execution, heard, message, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { troubled } from './support/troubled.ts';

/** Milliseconds; a log that answers does so within them on a busy machine, too. */
const WITHIN = 1000;
const never = new Promise<never>(() => {});

/** A log whose readings hang while it is silent, and never come back. */
async function silent() {
  const state = { isSilent: false, hung: 0 };
  const hang =
    <A extends unknown[], T>(pass: (...args: A) => Promise<T>, onHung = () => {}) =>
    async (...args: A): Promise<T> => {
      if (!state.isSilent) return pass(...args);
      onHung();
      return never;
    };
  const log = troubled(await openLog(), {
    // By it tails look, and nobody else here; what is read for others now and then says nothing of their looks.
    head: (pass) =>
      hang(pass, () => {
        state.hung++;
      }),
    read: hang,
    rows: hang,
    snapshot: hang,
    readBack: hang,
    everyRow: hang,
  });
  return { log, state };
}

describe('A log that does not answer', () => {
  test('stalls no tail for good: it goes on, without a hole, as soon as the log answers again', async () => {
    const { log, state } = await silent();
    // No wake-up comes through: all that the tail hands on, it has read.
    const deaf = troubled(impatient(log, WITHIN), { watch: () => () => () => undefined });
    const seen: number[] = [];
    const tail = await createTail(deaf, 'd', (entries) => seen.push(...entries.map(({ seq }) => seq)), {
      every: 10,
    });
    onTestFinished(() => tail.close());
    const group = (key: string) => ({
      key,
      reads: [],
      events: [{ rooms: ['user:alice' as const], left: [], open: false, body: '{}' }],
    });
    state.isSilent = true;
    await log.append('d', [group('1'), group('2')]);
    await until(() => state.hung).toBeGreaterThan(1);
    const { lookedAt } = tail;
    await until(() => state.hung).toBeGreaterThan(2);
    expect(tail.lookedAt).toBe(lookedAt);
    expect(seen).toEqual([]);
    state.isSilent = false;
    await until(() => seen).toEqual([1, 2]);
    await until(() => tail.lookedAt).toBeGreaterThan(lookedAt);
  });

  test('lets the node prove nothing meanwhile, and refuses with a code what would need it', async () => {
    const { log, state } = await silent();
    const delivery = { lookEvery: 10, checkpointEvery: 40 };
    const bench = await startBench({}, { log, delivery, answerWithin: WITHIN });
    await execution(bench, 'e1', ['alice']);
    const socket = await bench.sdk('alice');
    const checkpoints: Checkpoint[] = [];
    socket.on('checkpoint', (checkpoint: Checkpoint) => checkpoints.push(checkpoint));
    await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
    await until(() => checkpoints.length).toBeGreaterThan(1);

    state.isSilent = true;
    // The looks of two tails hang, and one after those: what the last that was answered has proved is told by then.
    await until(() => state.hung).toBeGreaterThan(2);
    const before = checkpoints.length;
    for (const attempt of [1, 2]) {
      const answer = await ask(socket, 'subscribe', { rooms: ['execution:e1'] });
      expect([attempt, answer]).toMatchObject([
        attempt,
        { success: false, error: { code: 'storage_unavailable', retryable: true } },
      ]);
    }
    expect(checkpoints.length).toBe(before);

    state.isSilent = false;
    const next = heard(socket, 'events');
    await bench.publish('default', [message('e1', 'hello')]);
    expect((await next)[0]).toMatchObject([{ type: 'message:new' }] satisfies Partial<Delivered>[]);
    await until(() => checkpoints.length).toBeGreaterThan(before);
    expect(await ask(socket, 'subscribe', { rooms: ['execution:e1'] })).toMatchObject({ success: true });
  });
});

test('A domain that could not be opened leaves no tail behind', async () => {
  let isBroken = true;
  let watching = 0;
  const log = troubled(await openLog(), {
    rows:
      (pass) =>
      async (...call) => {
        if (isBroken) throw new Error('broken');
        return pass(...call);
      },
    watch: (pass) => (hear) => {
      watching++;
      const stop = pass(hear);
      return () => {
        watching--;
        stop();
      };
    },
  });
  const delivery = createDelivery(log, 'default');
  onTestFinished(() => delivery.close());
  for (let i = 0; i < 3; i++) await expect(delivery.channel('default')).rejects.toThrow('broken');
  expect(watching).toBe(0);
  isBroken = false;
  await delivery.channel('default');
  expect(watching).toBe(1);
});
