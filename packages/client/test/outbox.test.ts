import type { CommandAck } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Value } from '../src/core/index.ts';
import type { Status } from '../src/core/status.ts';
import { outboxOf } from '../src/outbox.ts';
import { clientOf, live, liveClient, until } from './helpers/connected.ts';
import { HandClock } from './helpers/hand-clock.ts';
import { startServer } from './helpers/scripted-server.ts';

const done = (input: Record<string, unknown>): CommandAck => ({
  success: true,
  commandId: String(input.commandId),
  epoch: 'life1',
  seq: 7,
  result: { taskId: String(input.taskId) },
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    ({ code }) => code,
  );

test('what is given offline waits, is listed, and is sent in its order when there is a connection', async () => {
  const server = await startServer();
  server.handle = done;
  const client = await liveClient(server);
  client.disconnect();
  const all = ['t1', 't2', 't3'].map((taskId) => client.command('task:claim', { taskId }));
  expect(
    client.outbox
      .getSnapshot()
      .map(({ name, input, isSent }) => [name, 'taskId' in input && input.taskId, isSent]),
  ).toEqual(['t1', 't2', 't3'].map((id) => ['task:claim', id, false]));
  client.connect();
  await Promise.all(all);
  expect(server.commands.map(({ input }) => input.taskId)).toEqual(['t1', 't2', 't3']);
  expect(client.outbox.getSnapshot()).toEqual([]);
});

test('what is given while the connection is made does not overtake what waits', async () => {
  const server = await startServer();
  server.handle = done;
  const client = clientOf(server);
  const first = client.command('task:claim', { taskId: 't1' });
  let second: Promise<unknown> | undefined;
  client.identity.subscribe(() => {
    second ??= client.command('task:claim', { taskId: 't2' });
  });
  client.connect();
  await first;
  await second;
  expect(server.commands.map(({ input }) => input.taskId)).toEqual(['t1', 't2']);
});

test('an outbox that is full takes no more, and says so', async () => {
  const server = await startServer();
  server.handle = done;
  const client = clientOf(server, { outbox: { limit: 2 } });
  const all = ['t1', 't2', 't3'].map((taskId) => codeOf(client.command('task:claim', { taskId })));
  expect(await all[2]).toBe('outbox_full');
  client.connect();
  expect(await Promise.all(all)).toEqual(['done', 'done', 'outbox_full']);
  expect(server.commands).toHaveLength(2);
});

test('what has waited too long is given up unsent, and what was given later is sent', async () => {
  const server = await startServer();
  server.handle = done;
  const clock = new HandClock();
  const client = clientOf(server, { outbox: { expiry: 60_000 } }, clock);
  const old = codeOf(client.command('task:claim', { taskId: 'old' }));
  clock.pass(59_000);
  const fresh = codeOf(client.command('task:claim', { taskId: 'fresh' }));
  clock.pass(1_000);
  expect(await old).toBe('expired');
  client.connect();
  expect(await fresh).toBe('done');
  expect(server.commands.map(({ input }) => input.taskId)).toEqual(['fresh']);
});

test('what somebody who has signed out had given is not done as somebody else', async () => {
  const server = await startServer();
  let token = 'alice';
  const client = await liveClient(server, { getToken: () => token });
  const unanswered = codeOf(client.command('task:claim', { taskId: 't1' }));
  await expect.poll(() => server.commands).toHaveLength(1);
  client.disconnect();
  const unsent = codeOf(client.command('task:claim', { taskId: 't2' }));
  token = 'bob';
  client.connect();
  expect([await unanswered, await unsent]).toEqual(['disconnected', 'disconnected']);
  await live(client);
  expect(server.commands).toHaveLength(1);
});

test('a command that is under way is the same one when it is given again under its id', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  const give = () => client.command('task:claim', { taskId: 't1', commandId: 'c1' });
  const both = [give(), give()];
  await expect.poll(() => server.commands).toHaveLength(1);
  server.handle = done;
  server.cut();
  const [one, other] = await Promise.all(both);
  expect(one).toEqual(other);
  expect(server.commands.map(({ input }) => input.commandId)).toEqual(['c1', 'c1']);
});

test('an answer that can not be read is none', async () => {
  const server = await startServer();
  const garbage: unknown[] = [null, 'done', {}, { success: false }, 7];
  server.handle = () => garbage.shift() as CommandAck;
  const client = await liveClient(server, { commandTimeout: 100 });
  const all = garbage.map((_, n) => codeOf(client.command('task:claim', { taskId: `t${n}` })));
  expect(await Promise.all(all)).toEqual(Array(5).fill('timeout'));
  expect(client.status.getSnapshot().state).toBe('live');
});

test('closing by hand keeps what is under way', async () => {
  const server = await startServer();
  const client = await liveClient(server);
  const answer = client.command('task:claim', { taskId: 't1' });
  await until(client.outbox, ([first]) => first?.isSent === true);
  client.disconnect();
  expect(client.outbox.getSnapshot()).toHaveLength(1);
  server.handle = done;
  client.connect();
  expect((await answer).result).toEqual({ taskId: 't1' });
});

test('the time for an answer begins with the first sending, and not again with each', async () => {
  const clock = new HandClock();
  const connection = { isReady: true, status: new Value<Status>({ state: 'live' }), send: () => {} };
  const parts = { connection, timing: clock, limit: 5, expiry: 100, timeout: 50, onAnswer: () => {} };
  const outbox = outboxOf(parts);
  const code = codeOf(outbox.run('task:claim', { taskId: 't1' }, () => {}));
  clock.pass(40);
  outbox.lost();
  outbox.pump();
  clock.pass(10);
  expect(outbox.open.getSnapshot()).toEqual([]);
  expect(await code).toBe('timeout');
});

test('each command ends once, is sent in its order on each connection, and never when it is too late', () => {
  const step = fc.record({
    act: fc.constantFrom(
      'give',
      'give',
      'give',
      'connect',
      'lose',
      'answer',
      'answer',
      'pass',
      'sleep' as const,
    ),
    n: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = new HandClock();
      /** A machine that sleeps tells its timers later than it moves its clock. */
      let offset = 0;
      const timing = { ...clock, now: () => clock.now() + offset, after: clock.after };
      const sent: { id: string; at: number; answer: (ack?: CommandAck) => void }[] = [];
      let onThis: string[] = [];
      const connection = {
        isReady: false,
        status: new Value<Status>({ state: 'live' }),
        send: (_: string, input: unknown, answer: (ack?: never) => void) => {
          const id = (input as { commandId: string }).commandId;
          sent.push({ id, at: timing.now(), answer: answer as (ack?: CommandAck) => void });
          onThis.push(id);
        },
      };
      const ended: string[] = [];
      const given: { id: string; at: number }[] = [];
      const outbox = outboxOf({
        connection,
        timing,
        limit: 5,
        expiry: 100,
        timeout: 50,
        onAnswer: (id) => ended.push(id),
      });
      for (const { act, n } of steps) {
        const waiting = outbox.open.getSnapshot();
        if (act === 'give') {
          const id = `c${given.length}`;
          const isFull = !connection.isReady && waiting.length >= 5;
          outbox.run('task:claim', { taskId: 't', commandId: id }, () => {}).catch(() => undefined);
          if (!isFull) given.push({ id, at: timing.now() });
          expect(outbox.open.getSnapshot().some(({ commandId }) => commandId === id)).toBe(!isFull);
        } else if (act === 'connect' && !connection.isReady) {
          connection.isReady = true;
          onThis = [];
          outbox.pump();
        } else if (act === 'lose' && connection.isReady) {
          connection.isReady = false;
          outbox.lost();
        } else if (act === 'answer') {
          const { id, answer } = sent[n % (sent.length || 1)] ?? {};
          // Late, of an earlier connection, or twice.
          if (id) answer!(n % 3 === 0 ? undefined : done({ commandId: id, taskId: 't' }));
        } else if (act === 'pass') clock.pass(n * 10);
        else if (act === 'sleep') offset += n * 10;
        const places = onThis.map((id) => given.findIndex((one) => one.id === id));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(new Set(ended).size).toBe(ended.length);
      }
      for (const { id } of given) {
        const first = sent.find((one) => one.id === id);
        const { at } = given.find((one) => one.id === id)!;
        if (first) expect(first.at - at).toBeLessThan(100);
        for (const again of sent.filter((one) => one.id === id))
          expect(again.at - first!.at).toBeLessThan(50);
      }
      const open = outbox.open.getSnapshot().map(({ commandId }) => commandId);
      expect([...open, ...ended].sort()).toEqual(given.map(({ id }) => id).sort());
    }),
    { numRuns: 300 },
  );
});
