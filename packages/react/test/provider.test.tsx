// @vitest-environment happy-dom
import { act, cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import { StrictMode, useContext, useEffect } from 'react';
import { afterEach, expect, test } from 'vitest';
import { createClient } from '../../client/src/index.ts';
import { message, task } from '../../client/test/helpers/happenings.ts';
import { startServer } from '../../client/test/helpers/scripted-server.ts';
import {
  useTasks,
  useWebSocket,
  WebSocketContext,
  WebSocketProvider,
  type WebSocketValue,
} from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

function Keep({ into }: { into: { value?: WebSocketValue } }) {
  into.value = useWebSocket();
  return <p>{into.value.connectionStatus}</p>;
}

test('StrictMode makes one connection', async () => {
  const server = await startServer();
  render(
    <StrictMode>
      <WebSocketProvider url={server.url} token="alice">
        <Keep into={{}} />
      </WebSocketProvider>
    </StrictMode>,
  );
  await screen.findByText('connected');
  expect(server.handshakes).toHaveLength(1);
  cleanup();
  await waitFor(() => expect(server.connections).toHaveLength(0));
});

test('a screen of before works: the context, join, and the data at the top', async () => {
  const server = await startServer();
  const names: string[] = [];
  function Screen() {
    const socket = useContext(WebSocketContext)!.socket;
    useEffect(() => {
      const onTask = (data: { taskName: string }) => names.push(data.taskName);
      socket.emit('join-execution', 'e1');
      socket.on('task:created', onTask);
      return () => void socket.off('task:created', onTask);
    }, [socket]);
    return null;
  }
  render(
    <WebSocketProvider url={server.url} token="alice">
      <Screen />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(server.subscribes.flatMap(({ rooms }) => rooms)).toContain('execution:e1'));
  server.append(task('t1'));
  await waitFor(() => expect(names).toEqual(['Task t1']));
});

test('an optimistic change is taken back once when it is refused, and kept when it is not', async () => {
  const server = await startServer();
  const kept: { value?: WebSocketValue } = {};
  render(
    <WebSocketProvider url={server.url} token="alice">
      <Keep into={kept} />
    </WebSocketProvider>,
  );
  await screen.findByText('connected');
  let undone = 0;
  const change = () => () => undone++;
  server.handle = () => ({ success: false, error: { code: 'forbidden', message: 'no', retryable: false } });
  const refused = await kept.value!.sendWithOptimisticUpdate(
    'message:send',
    { executionId: 'e1', content: 'x' },
    change,
  );
  expect(refused).toMatchObject({ success: false, error: { code: 'forbidden' } });
  expect(undone).toBe(1);
  server.handle = (input) => ({
    success: true,
    commandId: String(input.commandId),
    epoch: 'life1',
    seq: 1,
    result: { messageId: 'm' },
  });
  expect(
    await kept.value!.sendWithOptimisticUpdate('message:send', { executionId: 'e1', content: 'x' }, change),
  ).toMatchObject({ success: true });
  expect(undone).toBe(1);
});

test('another token makes another connection', async () => {
  const server = await startServer();
  const at = (token: string) => (
    <WebSocketProvider url={server.url} token={token}>
      <Keep into={{}} />
    </WebSocketProvider>
  );
  const { rerender } = render(at('alice'));
  await screen.findByText('connected');
  rerender(at('bob'));
  await waitFor(() => expect(server.handshakes.map(({ token }) => token)).toEqual(['alice', 'bob']));
  await waitFor(() => expect(server.connections).toHaveLength(1));
});

test('a hook renders when its rows change, and not otherwise', async () => {
  const server = await startServer();
  const renders: number[] = [];
  function Tasks() {
    const { data, status } = useTasks({ room: 'execution:e1' });
    renders.push(data.length);
    return <p>{`${status} ${data.length}`}</p>;
  }
  render(
    <WebSocketProvider url={server.url} token="alice">
      <Tasks />
    </WebSocketProvider>,
  );
  await screen.findByText('live 0');
  const before = renders.length;
  await act(async () => {
    server.append(message('m1', 'no task'), task('t1'));
  });
  await screen.findByText('live 1');
  expect(renders.length).toBe(before + 1);
});

test('a client of one’s own is used as it is, and stays connected when the provider goes', async () => {
  const server = await startServer();
  const client = createClient({ url: server.url, token: 'alice' });
  const kept: { value?: WebSocketValue } = {};
  client.connect();
  render(
    <WebSocketProvider client={client}>
      <Keep into={kept} />
    </WebSocketProvider>,
  );
  await screen.findByText('connected');
  expect(kept.value!.client).toBe(client);
  cleanup();
  expect(client.status.getSnapshot().state).not.toBe('closed');
  expect(server.handshakes).toHaveLength(1);
  client.disconnect();
});
