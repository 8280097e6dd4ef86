// @vitest-environment happy-dom
import { act, cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { type ReactNode, useContext, useEffect, useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Bench, execution, fact, startBench } from '../../gateway/test/support/gateway.ts';
import {
  ReactiveWorkstreamChat,
  WebSocketContext,
  WebSocketProvider,
  type WebSocketValue,
} from '../src/index.ts';

/** Screens as teams have written them by the first document, against a real gateway. */

afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.unstubAllEnvs();
});

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
  await execution(bench, 'e1', ['alice', 'bob']);
});

const publish = (type: string, data: object) => bench.publish('default', [fact(type, data)]);

async function page(node: ReactNode, user = 'alice') {
  const token = await bench.token(user);
  const { container } = render(
    <WebSocketProvider url={bench.url} token={token}>
      {node}
    </WebSocketProvider>,
  );
  return container;
}

// biome-ignore lint/suspicious/noExplicitAny: screens of before name no types.
type Any = any;

function Watch({ into }: { into: WebSocketValue[] }) {
  const value = useContext(WebSocketContext)!;
  into.push(value);
  return (
    <>
      <p>{value.connectionStatus}</p>
      <p>{value.status.state}</p>
    </>
  );
}

test.each([
  ['NEXT_PUBLIC_WS_URL', () => vi.stubEnv('NEXT_PUBLIC_WS_URL', bench.url)],
  ['the page’s origin', () => (window as Any).happyDOM.setURL(`${bench.url}/some/page`)],
])('WebSocketProvider takes only children, and connects to %s', async (_, point) => {
  point();
  const seen: WebSocketValue[] = [];
  render(
    <WebSocketProvider>
      <Watch into={seen} />
    </WebSocketProvider>,
  );
  // This gateway admits nobody without a token; its refusal shows that it was asked.
  await screen.findByText('refused');
  expect(seen.at(-1)!.status).toMatchObject({ error: { code: 'token_missing' } });
});

test('the context has socket, connectionStatus of two values, and sendWithOptimisticUpdate, beside the honest status', async () => {
  const seen: WebSocketValue[] = [];
  await page(<Watch into={seen} />);
  await screen.findByText('connected');
  await waitFor(() => expect(seen.at(-1)!.status).toMatchObject({ state: 'live' }));
  const { socket, sendWithOptimisticUpdate } = seen.at(-1)!;
  expect([typeof socket.on, typeof socket.off, typeof socket.emit, typeof sendWithOptimisticUpdate]).toEqual(
    Array(4).fill('function'),
  );
  act(() => seen.at(-1)!.client.disconnect());
  await screen.findByText('disconnected');
  expect(new Set(seen.map(({ connectionStatus }) => connectionStatus))).toEqual(
    new Set(['disconnected', 'connected']),
  );
  // The socket is one and the same through all of it, as effects depend on it.
  expect(new Set(seen.map((value) => value.socket)).size).toBe(1);
});

test('a screen that joins at once, without an answer, hears plain events with their data at the top', async () => {
  const heard: Record<string, Any[]> = {};
  const twice: Any[] = [];
  function Screen() {
    const { socket } = useContext(WebSocketContext)!;
    useEffect(() => {
      socket.emit('join-execution', 'e1');
      socket.emit('join-process', 'p1');
      const listeners = [
        'task:created',
        'task:assigned',
        'task:completed',
        'message:new',
        'payment:status',
        'agent:thinking',
      ].map((name) => [name, (data: Any) => (heard[name] = [...(heard[name] ?? []), data])] as const);
      for (const [name, listener] of listeners) socket.on(name, listener);
      // A listener that was taken off hears nothing.
      const off = (data: Any) => twice.push(data);
      socket.on('task:created', off);
      socket.off('task:created', off);
      return () => {
        for (const [name, listener] of listeners) socket.off(name, listener);
      };
    }, [socket]);
    return <Watch into={[]} />;
  }
  await publish('process:started', { processInstanceId: 'p1', processDefinitionKey: 'd', businessKey: 'e1' });
  await page(<Screen />);
  await screen.findByText('live');
  await publish('task:created', { taskId: 't1', taskName: 'Check', processInstanceId: 'p1' });
  await publish('task:updated', { taskId: 't1', assignee: 'bob' });
  await publish('task:completed', { taskId: 't1' });
  await publish('payment:status', {
    paymentId: 'y',
    status: 'succeeded',
    amount: 1250,
    currency: 'EUR',
    executionId: 'e1',
  });
  await publish('agent:thinking', { agentId: 'a', agent: 'summarise', words: 'reading', executionId: 'e1' });
  await publish('message:new', { messageId: 'm', executionId: 'e1', content: 'hi', userId: 'bob' });
  await waitFor(() => expect(heard['message:new']).toHaveLength(1));
  expect(heard['task:created']).toEqual([
    expect.objectContaining({
      taskId: 't1',
      taskName: 'Check',
      created: expect.any(String),
      processInstanceId: 'p1',
    }),
  ]);
  expect(heard['task:assigned']![0]).toMatchObject({ taskId: 't1', taskName: 'Check', assignee: 'bob' });
  expect(heard['task:completed']![0]).toMatchObject({ taskId: 't1', assignee: 'bob' });
  expect(heard['message:new']![0]).toMatchObject({
    executionId: 'e1',
    content: 'hi',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(heard['payment:status']![0]).toMatchObject({ paymentId: 'y', status: 'succeeded', amount: 1250 });
  expect(heard['agent:thinking']![0]).toMatchObject({ agent: 'summarise', words: 'reading' });
  expect(twice).toEqual([]);
});

test('a message without an answer or an id is sent, before there is a connection too, and has the server’s time', async () => {
  const said: Any[] = [];
  function Screen() {
    const { socket } = useContext(WebSocketContext)!;
    useEffect(() => {
      const hear = (data: Any) => said.push(data);
      socket.on('message:new', hear);
      socket.emit('join-execution', 'e1');
      socket.emit('message:send', { executionId: 'e1', content: 'early', timestamp: new Date(0) });
      return () => void socket.off('message:new', hear);
    }, [socket]);
    return null;
  }
  await page(<Screen />);
  await waitFor(() => expect(said).toMatchObject([{ content: 'early', userId: 'alice' }]));
  expect(Date.parse(said[0].timestamp)).toBeGreaterThan(Date.now() - 60_000);
});

test('sendWithOptimisticUpdate changes at once, and takes back once what is refused', async () => {
  let undone = 0;
  const answers: Any[] = [];
  function Screen() {
    const { sendWithOptimisticUpdate, connectionStatus } = useContext(WebSocketContext)!;
    const [mine, setMine] = useState<string[]>([]);
    const send = (executionId: string, content: string) =>
      sendWithOptimisticUpdate('message:send', { executionId, content }, () => {
        setMine((before) => [...before, content]);
        return () => {
          undone++;
          setMine((before) => before.filter((one) => one !== content));
        };
      }).then((answer) => answers.push(answer));
    return (
      <>
        <p>{connectionStatus}</p>
        <button type="button" onClick={() => send('e1', 'kept')}>
          good
        </button>
        <button type="button" onClick={() => send('of others', 'taken back')}>
          bad
        </button>
        <output>{mine.join()}</output>
      </>
    );
  }
  await page(<Screen />);
  await screen.findByText('connected');
  const output = screen.getByRole('status');
  fireEvent.click(screen.getByText('good'));
  expect(output.textContent).toBe('kept');
  fireEvent.click(screen.getByText('bad'));
  expect(output.textContent).toBe('kept,taken back');
  await waitFor(() => expect(answers).toHaveLength(2));
  await waitFor(() => expect(output.textContent).toBe('kept'));
  expect(undone).toBe(1);
  expect(answers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ success: true }),
      expect.objectContaining({ success: false, error: expect.objectContaining({ code: 'forbidden' }) }),
    ]),
  );
});

test('ReactiveWorkstreamChat says what a workflow does, in the words and in the order of the log, and a switch hides it', async () => {
  await publish('process:started', { processInstanceId: 'p1', processDefinitionKey: 'd', businessKey: 'e1' });
  await page(<ReactiveWorkstreamChat executionId="e1" processInstanceId="p1" />);
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  await publish('message:new', { messageId: 'm1', executionId: 'e1', content: 'Shall we?', userId: 'bob' });
  await publish('task:created', { taskId: 't1', taskName: 'Check', processInstanceId: 'p1' });
  await publish('task:updated', { taskId: 't1', assignee: 'bob' });
  await publish('message:new', { messageId: 'm2', executionId: 'e1', content: 'Yes.', userId: 'bob' });
  await publish('agent:thinking', { agentId: 'a', agent: 'summarise', words: 'reading', executionId: 'e1' });
  await publish('payment:status', {
    paymentId: 'y',
    status: 'succeeded',
    amount: 1250,
    currency: 'EUR',
    executionId: 'e1',
  });
  await publish('task:completed', { taskId: 't1' });
  const words = [
    'Shall we?',
    'New task: Check',
    'Task assigned to bob',
    'Yes.',
    'summarise is thinking … reading',
    'Payment received: €12.50',
    'Task completed: Check',
  ];
  const lines = () => screen.queryAllByTestId('timeline-line').map((line) => line.textContent ?? '');
  await screen.findByText('Task completed: Check');
  const shown = lines().slice(-words.length);
  expect(shown.map((line, at) => line.includes(words[at]!) || line)).toEqual(words.map(() => true));
  fireEvent.click(screen.getByTestId('detail-chat'));
  expect(lines().map((line) => /Shall we\?|Yes\./.exec(line)?.[0])).toEqual(['Shall we?', 'Yes.']);
});
