import { expect, expectTypeOf, test } from 'vitest';
import { createClient, type Expected, type RealtimeClient } from '../src/index.ts';

declare module '@netbuild/realtime-client' {
  interface CustomEvents {
    'x:typed-test:shipped': { parcel: string };
  }
}

// What is wrong here is found by the compiler: it runs over the tests, too, and each line that must not compile says so.

const client: RealtimeClient = createClient();

test('events say what the catalogue says', () => {
  client.on('task:created', ({ data, seq }) => {
    expectTypeOf(data.assignee).toEqualTypeOf<string | undefined>();
    expectTypeOf(data.state).toEqualTypeOf<'open' | 'completed' | 'cancelled'>();
    expectTypeOf(seq).toBeNumber();
    // @ts-expect-error: a task has no amount
    data.amount;
  });
  client.on('payment:status', ({ data }) => expectTypeOf(data.paymentId).toBeString());
  client.on('*', ({ data }) => {
    // @ts-expect-error: of any event it is not known what it says
    data.taskId;
  });
  client.on('typing', ({ data }) =>
    expectTypeOf(data).toEqualTypeOf<{ executionId: string; userId: string }>(),
  );
  client.on('ready', ({ userId }) => expectTypeOf(userId).toBeString());
  // @ts-expect-error: there is no such type
  client.on('task:painted', () => {});
});

test('events of one’s own say what their module says, and nothing is known of others', () => {
  client.on('x:typed-test:shipped', ({ data }) => {
    expectTypeOf(data).toEqualTypeOf<{ parcel: string }>();
    // @ts-expect-error: it was not declared
    data.weight;
  });
  client.on('x:typed-test:unknown', ({ data }) => expectTypeOf(data).toBeUnknown());
});

test('rooms, views and commands have the names and the shapes of the catalogue', () => {
  const painted: Expected = {
    list: 'tasks',
    id: 't1',
    // @ts-expect-error: a task is in no such state
    change: (task) => ({ data: { ...task!.data, state: 'painted' } }),
  };
  const refused: (() => unknown)[] = [
    // @ts-expect-error: no kind of room
    () => client.room('order:1'),
    // @ts-expect-error: a list is named in the plural
    () => client.view('task'),
    // @ts-expect-error: it is no field of the question
    () => client.view('tasks', { kind: 'task' }),
    // @ts-expect-error: the task is missing
    () => client.command('task:complete', {}),
    // @ts-expect-error: a number is no id
    () => client.command('task:complete', { taskId: 1 }),
    // @ts-expect-error: there is no such command
    () => client.command('task:paint', { taskId: 't1' }),
    () => client.command('task:claim', { taskId: 't1' }, { optimistic: [painted] }),
  ];
  expect(refused).toHaveLength(7);
  const tasks = client.view('tasks', { room: 'process:p1', open: true });
  type Task = ReturnType<typeof tasks.getSnapshot>[number];
  expectTypeOf<Task['data']['assignee']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Task['pending']>().toEqualTypeOf<string | undefined>();
  const agents = client.view('agents');
  expectTypeOf<ReturnType<typeof agents.getSnapshot>[number]['data']['agentId']>().toBeString();
  const send = () => client.command('message:send', { executionId: 'e1', content: 'x' });
  expectTypeOf<Awaited<ReturnType<typeof send>>['result']>().toEqualTypeOf<{ messageId: string }>();
});
