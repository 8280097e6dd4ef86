// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { EXECUTION, execution, message, task } from '../../client/test/helpers/happenings.ts';
import { startServer } from '../../client/test/helpers/scripted-server.ts';
import { ReactiveWorkstreamChat, WebSocketProvider, WorkstreamTimeline } from '../src/index.ts';

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  vi.unstubAllEnvs();
});

const texts = () =>
  within(screen.getByTestId('timeline'))
    .queryAllByTestId('timeline-line')
    .map((line) => line.textContent);

async function chatWith(...happenings: Parameters<Awaited<ReturnType<typeof startServer>>['append']>) {
  const server = await startServer();
  server.append(...happenings);
  render(
    <StrictMode>
      <WebSocketProvider url={server.url} token="alice">
        <ReactiveWorkstreamChat executionId="e1" processInstanceId="p1" />
      </WebSocketProvider>
    </StrictMode>,
  );
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  return server;
}

test('workflow lines stand between the messages, in the order of the log', async () => {
  const server = await chatWith(execution(), task('t1'), message('m1', 'hello'));
  server.append(
    task('t1', { assignee: 'bob' }),
    message('m2', 'on it', 'alice'),
    task('t1', { state: 'completed', by: 'bob' }),
  );
  await waitFor(() => expect(texts()).toHaveLength(6));
  const words = texts().join('\n');
  const order = [
    'Workstream opened: Delivery',
    'New task: Task t1',
    'hello',
    'Task assigned to bob',
    'on it',
    'Task completed: Task t1',
  ];
  expect(order.map((text) => words.indexOf(text))).toEqual(
    order.map((text) => words.indexOf(text)).sort((a, b) => a - b),
  );
  for (const text of order) expect(words).toContain(text);
});

test('a message that was edited stands where it was said, and one that was deleted leaves a word of it', async () => {
  const server = await chatWith(
    execution(),
    message('m1', 'helo'),
    message('m2', 'bye'),
    message('m3', 'oh'),
  );
  server.append(
    { ...message('m1', 'hello'), type: 'message:edited' },
    { type: 'data:erased', subject: 'erasure/1', rooms: [EXECUTION], data: { subjects: ['message/m2'] } },
    {
      type: 'message:deleted',
      subject: 'message/m2',
      rooms: [EXECUTION],
      data: { messageId: 'm2', executionId: 'e1', userId: 'alice', timestamp: '', deleted: '', by: 'bob' },
    },
    {
      type: 'message:read',
      subject: 'read/r1',
      rooms: [EXECUTION],
      data: { executionId: 'e1', userId: 'bob', seq: 4, at: '' },
    },
  );
  await waitFor(() =>
    expect(texts().join('|')).toMatch(/Workstream opened.*hello.*oh.*bob deleted a message/),
  );
  expect(texts()).toHaveLength(4);
  expect(texts().join()).not.toMatch(/helo|bye/);
});

test('what becomes of a payment is one line for each change, in the money of its currency', async () => {
  const server = await chatWith(execution());
  const payment = (status: string, more = {}) => ({
    type: 'payment:status' as const,
    subject: 'payment/p1' as const,
    rooms: [EXECUTION],
    data: { paymentId: 'p1', status, amount: 1250, currency: 'EUR', updated: '', ...more },
  });
  server.append(
    { ...payment('initiated'), type: 'payment:initiated' },
    payment('initiated'),
    payment('failed', { failure: 'no funds' }),
    { ...payment('succeeded'), type: 'payment:confirmed' },
    payment('succeeded', { amount: 1250, currency: 'JPY' }),
  );
  await waitFor(() => expect(texts()).toHaveLength(4));
  expect(texts()[1]).toMatch(/Payment begun: .*12[.,]50/);
  expect(texts()[2]).toMatch(/Payment failed: .*no funds/);
  // Yen have no smaller unit.
  expect(texts()[3]).toMatch(/Payment received: .*1[.,]250/);
});

test('of a generation the beginning and the end are news, and what lies between are steps', async () => {
  const server = await chatWith();
  const service = (state: string, more: object) => ({
    type: `microservice:${state}` as 'microservice:deployed',
    subject: 'microservice/m1' as const,
    rooms: [EXECUTION],
    data: { microserviceId: 'm1', name: 'Orders', version: '1.0', state, started: '', updated: '', ...more },
  });
  server.append(
    service('generating', { progress: 0, step: 'Reading' }),
    service('generating', { progress: 40.4, step: 'Writing tests' }),
    service('generating', { progress: 100 }),
    service('deployed', { progress: 100, url: 'https://orders.example.com' }),
    {
      type: 'pattern:learned',
      subject: 'pattern/p1',
      rooms: [EXECUTION],
      data: { patternId: 'p1', name: 'Slow Fridays', learned: 'They take until Monday.', confidence: 0.8 },
    },
  );
  await waitFor(() => expect(texts()).toHaveLength(4));
  fireEvent.click(screen.getByTestId('detail-steps'));
  const words = [
    'Generating Orders 1.0: 0 % Reading',
    'Generating Orders 1.0: 40 % Writing tests',
    'Generating Orders 1.0: 100 %',
    'Deployed: Orders 1.0 https://orders.example.com',
    'Learned: Slow Fridays They take until Monday. (80 % sure)',
  ];
  expect(texts().map((text, i) => text?.startsWith(words[i]!))).toEqual(words.map(() => true));
});

test('what people write is text, and never a part of the page', async () => {
  const hostile = '<img src="x" onerror="alert(1)"><script>alert(2)</script>';
  await chatWith(execution(), message('m1', hostile), task('t1', { taskName: hostile }));
  await waitFor(() => expect(texts()).toHaveLength(3));
  expect(texts().join('\n').split(hostile)).toHaveLength(3);
  expect(screen.getByTestId('timeline').querySelectorAll('img, script')).toHaveLength(0);
});

test('each line names its event', async () => {
  await chatWith({ ...task('t1'), committedAt: 1234.5 });
  const line = screen.getByTestId('timeline-line');
  expect({ ...line.dataset }).toMatchObject({
    eventId: 'test/1#0',
    eventType: 'task:created',
    seq: '1',
    committedAt: '1234.5',
  });
});

test('the switch hides the workflow, or shows every step, and is remembered', async () => {
  await chatWith(task('t1'), message('m1', 'hello'), {
    type: 'activity:started',
    subject: 'activity/a1',
    rooms: [EXECUTION],
    data: { activityInstanceId: 'a1', activityId: 'Build', state: 'running' },
  });
  expect(texts()).toHaveLength(2);
  fireEvent.click(screen.getByTestId('detail-steps'));
  expect(texts().at(-1)).toContain('Reached: Build');
  fireEvent.click(screen.getByTestId('detail-chat'));
  expect(texts()).toHaveLength(1);
  expect(localStorage.getItem('netbuild-realtime/detail/alice')).toBe('chat');
});

test('a message is sent by Enter, and the field is empty', async () => {
  const server = await chatWith();
  server.handle = (input) => {
    server.append(message('m1', String(input.content), 'alice'));
    return {
      success: true,
      commandId: String(input.commandId),
      epoch: 'life1',
      seq: 1,
      result: { messageId: 'm1' },
    };
  };
  const field = screen.getByTestId('composer-input') as HTMLTextAreaElement;
  fireEvent.change(field, { target: { value: 'hello' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  await waitFor(() => expect(texts()[0]).toContain('hello'));
  expect(field.value).toBe('');
  expect(server.commands).toEqual([
    { name: 'message:send', input: { executionId: 'e1', content: 'hello', commandId: expect.any(String) } },
  ]);
});

test('a refused message stays at the end, with the reason, and is tried again, changed or let go', async () => {
  const server = await chatWith();
  const refuse = () => ({
    success: false as const,
    error: { code: 'forbidden' as const, message: 'Not for you, or not there.', retryable: false },
  });
  server.handle = refuse;
  const field = screen.getByTestId('composer-input') as HTMLTextAreaElement;
  const say = (text: string) => {
    fireEvent.change(field, { target: { value: text } });
    fireEvent.click(screen.getByTestId('composer-send'));
  };
  say('hello');
  expect((await screen.findByTestId('unsent-error')).dataset.code).toBe('forbidden');
  expect(screen.getByTestId('unsent-error').textContent).toContain('Not sent: ');
  expect(field.value).toBe('');
  fireEvent.click(screen.getByTestId('unsent-again'));
  await waitFor(() => expect(server.commands).toHaveLength(2));
  // It was refused, so this is another command.
  expect(new Set(server.commands.map(({ input }) => input.commandId)).size).toBe(2);
  fireEvent.click(await screen.findByTestId('unsent-edit'));
  expect(field.value).toBe('hello');
  expect(screen.queryByTestId('unsent-line')).toBeNull();
  say('hello all');
  fireEvent.click(await screen.findByTestId('unsent-discard'));
  expect(screen.queryByTestId('unsent-line')).toBeNull();
  expect(sessionStorage.getItem('netbuild-realtime/unsent/alice/e1')).toBeNull();
});

test('a message is there at once as one on its way, and stands once and in its place when it is confirmed', async () => {
  const server = await chatWith(message('m1', 'first'));
  const field = screen.getByTestId('composer-input');
  fireEvent.change(field, { target: { value: 'mine' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  expect(screen.getByTestId('unsent-line').textContent).toBe('mineSending …');
  await waitFor(() => expect(server.commands).toHaveLength(1));
  const { commandId } = server.commands[0]!.input;
  server.append({ ...message('m2', 'mine', 'alice'), commandId: String(commandId) });
  await waitFor(() => expect(texts()).toHaveLength(2));
  // The answer is still out.
  expect(screen.queryByTestId('unsent-line')).toBeNull();
  expect(screen.getAllByText('mine')).toHaveLength(1);
});

test('a draft and what is on its way survive a reload, and are of this user and this execution alone', async () => {
  const server = await startServer();
  server.append(execution());
  const page = (user: string, executionId = 'e1') =>
    render(
      <WebSocketProvider url={server.url} token={user}>
        <ReactiveWorkstreamChat executionId={executionId} />
      </WebSocketProvider>,
    );
  const field = () => screen.getByTestId('composer-input') as HTMLTextAreaElement;
  const live = () => waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  const { rerender } = page('alice');
  await live();
  fireEvent.change(field(), { target: { value: 'sent' } });
  fireEvent.keyDown(field(), { key: 'Enter', shiftKey: true });
  expect(server.commands).toHaveLength(0);
  fireEvent.keyDown(field(), { key: 'Enter', isComposing: true });
  expect(field().value).toBe('sent');
  fireEvent.keyDown(field(), { key: 'Enter' });
  fireEvent.change(field(), { target: { value: 'half a' } });
  await waitFor(() => expect(server.commands).toHaveLength(1));
  // Another execution in the same place has its own.
  rerender(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e2" />
    </WebSocketProvider>,
  );
  expect(field().value).toBe('');
  expect(screen.queryByTestId('unsent-line')).toBeNull();
  cleanup();

  page('bob');
  await live();
  expect(field().value).toBe('');
  cleanup();

  page('alice');
  await waitFor(() => expect(field().value).toBe('half a'));
  // It goes out again under its id, so that it is said once.
  await waitFor(() => expect(server.commands).toHaveLength(2));
  expect(server.commands[1]).toEqual(server.commands[0]);
  expect(screen.getByTestId('unsent-line').dataset.state).toBe('pending');
});

test('the chat connects by itself where there is no provider', async () => {
  const server = await startServer();
  server.append(message('m1', 'hello'));
  vi.stubEnv('NEXT_PUBLIC_WS_URL', server.url);
  render(<ReactiveWorkstreamChat executionId="e1" processInstanceId="p1" />);
  await waitFor(() => expect(server.handshakes).toHaveLength(1));
  await waitFor(() => expect(texts()[0]).toContain('hello'));
});

test('a conversation that is not ours says so, and takes no message', async () => {
  const server = await startServer();
  server.refuses = (room) =>
    room === EXECUTION
      ? { code: 'forbidden', message: 'Not for you, or not there.', retryable: false }
      : undefined;
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  await waitFor(() =>
    expect(screen.getByTestId('chat-note').textContent).toBe('This conversation is not available to you.'),
  );
  expect((screen.getByTestId('composer-send') as HTMLButtonElement).disabled).toBe(true);
});

test('a reader at the end stays there, though lines come faster than the browser tells of its scrolling', async () => {
  const server = await chatWith(message('m1', 'one'));
  const box = screen.getByRole('log');
  let height = 1000;
  Object.defineProperties(box, { scrollHeight: { get: () => height }, clientHeight: { value: 200 } });
  const comes = async (id: string) => {
    server.append(message(id, id));
    await screen.findByText(id);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  };
  box.scrollTop = 800;
  fireEvent.scroll(box);
  // The scroll to 800 is told only when the box has grown: it looks far from the end, and nobody went up.
  height = 1300;
  fireEvent.scroll(box);
  await comes('m2');
  expect(box.scrollTop).toBe(1300);
  // Now somebody does go up.
  box.scrollTop = 300;
  fireEvent.scroll(box);
  await comes('m3');
  expect(box.scrollTop).toBe(300);
});

test('what people write is shown as Markdown, once it is taken apart, and before that as it is', async () => {
  await chatWith(execution(), message('m1', 'see **this**\nand <b>that</b>'), message('m2', 'plain'));
  const timeline = screen.getByTestId('timeline');
  await waitFor(() => expect(timeline.querySelector('strong')?.textContent).toBe('this'));
  expect(timeline.querySelector('b')).toBeNull();
  expect(texts().join()).toContain('and <b>that</b>');
});

test('who is here is shown once each, and who writes until it is there', async () => {
  const server = await startServer();
  server.present = () => ({ count: 2, people: ['alice', 'bob'] });
  server.append(execution());
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  const faces = await screen.findByTestId('faces');
  expect(faces.getAttribute('aria-label')).toBe('Here: bob');
  const word = (type: 'presence:joined' | 'presence:left', userId: string, count: number) =>
    server.say({ type, rooms: [EXECUTION], time: '', data: { room: EXECUTION, userId, count } });
  word('presence:joined', 'carol', 3);
  await waitFor(() => expect(faces.getAttribute('aria-label')).toBe('Here: bob, carol'));
  // One word was lost on the way: the numbers differ, and the server is asked.
  server.present = () => ({ count: 2, people: ['alice', 'dora'] });
  word('presence:left', 'bob', 2);
  word('presence:left', 'carol', 2);
  await waitFor(() => expect(faces.getAttribute('aria-label')).toBe('Here: dora'));

  const writing = screen.getByTestId('writing');
  server.say({ type: 'typing', rooms: [EXECUTION], time: '', data: { executionId: 'e1', userId: 'dora' } });
  await waitFor(() => expect(writing.firstElementChild?.textContent).toBe('dora is writing …'));
  await waitFor(() => expect(within(writing).getByRole('status').textContent).toBe('dora is writing …'));
  server.append(message('m1', 'done', 'dora'));
  await waitFor(() => expect(writing.firstElementChild?.textContent).toBe(''));
  // What is said is not taken back aloud.
  expect(within(writing).getByRole('status').textContent).toBe('dora is writing …');

  const field = screen.getByTestId('composer-input');
  for (const value of ['h', 'he', 'hel']) fireEvent.change(field, { target: { value } });
  await waitFor(() => expect(server.typing).toEqual(['e1']));
});

test('what people have said is found again by itself where hundreds of steps have come since', async () => {
  const server = await startServer();
  server.historySize = 120;
  const steps = Array.from({ length: 250 }, (_, n) => ({
    ...task(`t${n}`),
    type: 'task:updated' as const,
  }));
  server.append(message('m1', 'hello'), ...steps);
  let asked = 0;
  server.beforeHttp = () => {
    asked++;
    return undefined;
  };
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(texts().some((text) => text!.includes('hello'))).toBe(true));
  expect(asked, 'two pages, and no more than it takes').toBe(2);
});

test('earlier pages are loaded in front, without a hole, as they read now; what fails is tried again', async () => {
  const server = await startServer();
  server.historySize = 120;
  server.append(...Array.from({ length: 300 }, (_, n) => message(`m${n + 1}`, `said ${n + 1}`)));
  server.append({ ...message('m5', 'said otherwise'), type: 'message:edited' });
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  const button = await screen.findByTestId('load-earlier');
  expect(texts()).toHaveLength(120);
  server.beforeHttp = () => 500;
  fireEvent.click(button);
  await waitFor(() => expect(button.textContent).toBe('Try again'));
  expect(screen.getByRole('alert').textContent).toBe('Earlier events could not be loaded.');
  server.beforeHttp = () => {
    // While the page is under way.
    server.append(message('m301', 'said 301'));
    server.beforeHttp = () => undefined;
    return undefined;
  };
  fireEvent.click(button);
  await waitFor(() => expect(texts()).toHaveLength(241));
  fireEvent.click(button);
  await waitFor(() => expect(screen.queryByTestId('load-earlier')).toBeNull());
  const said = texts().map((text) => /said (\S+?)(?:$|\s)/.exec(text!)?.[1]);
  expect(said).toEqual(Array.from({ length: 301 }, (_, n) => (n === 4 ? 'otherwise' : `${n + 1}`)));
});

test('the timeline stands alone, too, without writing, and tells as much as it is asked to', async () => {
  const server = await startServer();
  server.append(execution(), task('t1'), message('m1', 'hello'));
  render(
    <WebSocketProvider url={server.url} token="alice">
      <WorkstreamTimeline executionId="e1" detail="chat" />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(screen.getByTestId('story').dataset.status).toBe('live'));
  server.append(task('t1', { state: 'completed', by: 'bob' }));
  server.append(message('m2', 'well done'));
  await waitFor(() => expect(texts()).toHaveLength(2));
  expect(texts()[0]).toContain('hello');
  expect(texts()[1]).toContain('well done');
  expect(screen.queryByTestId('composer-input')).toBeNull();
});
