// @vitest-environment happy-dom
import { act, cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXECUTION, execution, message, task } from '../../client/test/helpers/happenings.ts';
import { type ScriptedServer, startServer } from '../../client/test/helpers/scripted-server.ts';
import {
  type Live,
  useAgents,
  useEvent,
  useExecutions,
  useHistory,
  useMessages,
  usePresence,
  useProcess,
  useRoom,
  useTasks,
  useTyping,
  useView,
  useWebSocket,
  WebSocketProvider,
  type WebSocketValue,
} from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

/** Every hook that answers with data. */
function useAll(): Record<string, Live<unknown>> {
  return {
    useView: useView('incidents', { room: EXECUTION }),
    useTasks: useTasks({ room: EXECUTION }),
    useProcess: useProcess('p1'),
    useAgents: useAgents(EXECUTION),
    useExecutions: useExecutions(),
    useHistory: useHistory(EXECUTION),
    useMessages: useMessages('e1'),
    usePresence: usePresence(EXECUTION),
    useTyping: useTyping('e1'),
    useRoom: useRoom(EXECUTION),
    useEvent: useEvent('message:new'),
  };
}

let all: Record<string, Live<unknown>>;
let context: WebSocketValue;
/** What `useTasks` has said, one after the other. */
let said: string[];

beforeEach(() => {
  said = [];
});

function Watch() {
  all = useAll();
  context = useWebSocket();
  const { status } = all.useTasks!;
  if (said.at(-1) !== status) said.push(status);
  return <p>{status}</p>;
}

function watch(server: ScriptedServer, token = 'alice') {
  const page = (
    <WebSocketProvider url={server.url} token={token}>
      <Watch />
    </WebSocketProvider>
  );
  render(page);
  return page;
}

const statuses = () => Object.fromEntries(Object.entries(all).map(([name, { status }]) => [name, status]));
const everywhere = (status: string) => Object.fromEntries(Object.keys(all).map((name) => [name, status]));

test('before the first connection it is connecting, then loading, then live; and every hook says so', async () => {
  const server = await startServer();
  server.append(execution(), task('t1'), message('m1', 'hello'));
  server.present = () => ({ count: 1, people: ['alice'] });
  server.isDeaf = true;
  const page = watch(server);
  expect(renderToString(page)).toContain('connecting');
  expect(statuses()).toEqual(everywhere('connecting'));
  await screen.findByText('loading');
  expect(all.useTasks).toMatchObject({ data: [], status: 'loading', isKnown: false });
  server.isDeaf = false;
  server.cut();
  await screen.findByText('live');
  await waitFor(() => expect(statuses()).toEqual(everywhere('live')));
  expect(all.useTasks).toMatchObject({ data: [{ subject: 'task/t1' }], error: undefined, isKnown: true });
  expect(all.useMessages!.data).toMatchObject([{ data: { content: 'hello' } }]);
  expect(all.usePresence!.data).toEqual({ count: 1, people: ['alice'] });
});

test('a connection that is lost leaves what was there, and says why and when it tries again', async () => {
  const server = await startServer();
  server.append(task('t1'));
  watch(server);
  await screen.findByText('live');
  const busy = { code: 'draining', message: 'later', retryable: true } as never;
  server.refuseConnections = busy;
  server.closeWith({ code: 'draining', reason: 'stops', comeBack: true, retryAfter: 60_000 });
  await screen.findByText('offline');
  expect(statuses()).toEqual(everywhere('offline'));
  const { data, why, isKnown } = all.useTasks!;
  expect(data).toMatchObject([{ subject: 'task/t1' }]);
  expect({ why, isKnown }).toEqual({
    why: { reason: 'draining', retryAt: expect.any(Number) },
    isKnown: true,
  });
  expect(why.retryAt).toBeGreaterThan(Date.now() + 30_000);
  act(() => context.client.disconnect());
  await waitFor(() => expect(all.useTasks!.why).toEqual({ reason: 'by-hand' }));
  expect(said.at(-1)).toBe('offline');
});

test('what is missed while away is learnt before it is live again', async () => {
  const server = await startServer();
  watch(server);
  await screen.findByText('live');
  server.isDeaf = true;
  server.cut();
  await screen.findByText('catching-up');
  server.append(task('t2'));
  server.isDeaf = false;
  server.cut();
  await waitFor(() => expect(all.useTasks).toMatchObject({ status: 'live', data: [{ subject: 'task/t2' }] }));
  expect(said.slice(said.lastIndexOf('catching-up'))).toEqual(['catching-up', 'live']);
});

test('a room that is refused is refused alone, with the reason; a client that is, everywhere', async () => {
  const server = await startServer();
  const error = { code: 'forbidden', message: 'Not for you, or not there.', retryable: false } as const;
  server.refuses = (room) => (room === EXECUTION ? error : undefined);
  watch(server);
  await screen.findByText('refused');
  expect(all.useTasks).toMatchObject({ status: 'refused', error, isKnown: false });
  await waitFor(() => expect(all.useProcess!.status).toBe('live'));
  cleanup();
  watch(server, 'bad');
  await screen.findByText('refused');
  expect(statuses()).toEqual(everywhere('refused'));
  expect(all.useView!.error).toMatchObject({ code: 'token_invalid' });
});

test('a storage that failed over is told beside live', async () => {
  const server = await startServer();
  watch(server);
  await screen.findByText('live');
  server.rebuilding = true;
  server.checkpoint();
  await waitFor(() => expect(all.useTasks).toMatchObject({ status: 'live', why: { rebuilding: true } }));
});
