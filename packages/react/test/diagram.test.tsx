// @vitest-environment happy-dom
import type { RealtimeEvent, Room } from '@netbuild/realtime-protocol';
import { act, cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import {
  type Happening,
  type ScriptedServer,
  startServer,
} from '../../client/test/helpers/scripted-server.ts';
import { Numbers } from '../src/diagram/badges.tsx';
import { DefinitionDiagram, LocaleProvider, ProcessDiagram, WebSocketProvider } from '../src/index.ts';

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const ROOMS: Room[] = ['process:p1', 'definition:order'];

const happening = (type: string, subject: string, data: object, ended = false): Happening =>
  ({
    type,
    subject,
    rooms: ROOMS,
    data: { processInstanceId: 'p1', processDefinitionKey: 'order', ...data },
    ...(ended ? { ended: true } : {}),
  }) as Happening;

const activity = (
  id: string,
  activityId: string,
  state: 'running' | 'ended' = 'running',
  more: object = {},
) =>
  happening(
    state === 'running' ? 'activity:started' : 'activity:completed',
    `activity/${id}`,
    { activityInstanceId: id, activityId, activityName: `The ${activityId}`, state, ...more },
    state === 'ended',
  );

const incident = (state: 'open' | 'resolved') =>
  happening(
    state === 'open' ? 'process:error' : 'process:error-resolved',
    'incident/i1',
    { incidentId: 'i1', activityId: 'send', message: 'no route to the shop', state },
    state === 'resolved',
  );

const instance = () =>
  happening('process:started', 'process/p1', { state: 'active', processDefinitionId: 'order:1' });

/** Answers what is asked over HTTP: the model as it is given, and the last events from the server's log. */
function answerHttp(server: ScriptedServer, model: () => Response) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (target: URL) => {
    const { pathname, search, searchParams } = new URL(target);
    asked.push(`${pathname}${search}`);
    if (pathname === '/v1/diagram') return model();
    const events = server.log.filter((event: RealtimeEvent) =>
      event.rooms.includes(searchParams.get('room') as Room),
    );
    const isFirst = !searchParams.has('before');
    return Response.json({
      epoch: server.epoch,
      seq: server.seq,
      recovered: !isFirst,
      more: false,
      events: isFirst ? events : [],
    });
  });
  return asked;
}

const refused = (code: string, status = 403) =>
  Response.json({ error: { code, message: code, retryable: false } }, { status });

/** What the list says of each element. */
const standing = () =>
  Object.fromEntries(
    [...screen.getByTestId('standing').querySelectorAll('li')].map((item) => [
      item.dataset.element,
      item.textContent,
    ]),
  );

async function show(node: React.ReactNode, server: ScriptedServer) {
  render(
    <WebSocketProvider url={server.url} token="alice">
      {node}
    </WebSocketProvider>,
  );
  await waitFor(() => expect(server.subscribes.length).toBeGreaterThan(0));
}

test('Without a model a process says in words where it stands, as it happens', async () => {
  const server = await startServer();
  answerHttp(server, () => refused('no_engine', 503));
  server.append(instance(), activity('a0', 'begin', 'ended'), activity('a1', 'check'));
  await show(<ProcessDiagram processInstanceId="p1" />, server);
  // What had ended before anybody looked stands in no snapshot.
  await waitFor(() => expect(standing()).toEqual({ check: 'The check 1 running', begin: 'The begin done' }));
  expect(screen.getByTestId('diagram-missing').textContent).toContain('No process engine is connected');
  act(() =>
    server.append(
      activity('a1', 'check', 'ended'),
      activity('a2', 'send'),
      incident('open'),
      happening('task:assigned', 'task/t1', {
        taskId: 't1',
        taskDefinitionKey: 'send',
        activityInstanceId: 'a2',
        state: 'open',
        assignee: 'bob',
      }),
    ),
  );
  await waitFor(() =>
    expect(standing()).toEqual({
      send: 'The send 1 running · with bob · 1 incident: no route to the shop',
      begin: 'The begin done',
      check: 'The check done',
    }),
  );
  act(() => server.append(incident('resolved')));
  await waitFor(() => expect(standing().send).toBe('The send 1 running · with bob'));
});

test('A process shows nothing of the instances that it has called', async () => {
  const server = await startServer();
  answerHttp(server, () => refused('not_found', 404));
  server.append(
    instance(),
    activity('a1', 'call'),
    activity('b1', 'within', 'running', { processInstanceId: 'p2', rootProcessInstanceId: 'p1' }),
  );
  await show(<ProcessDiagram processInstanceId="p1" />, server);
  await waitFor(() => expect(standing()).toEqual({ call: 'The call 1 running' }));
});

test('A model that could not be had is asked for again by who wants to see it', async () => {
  const server = await startServer();
  let answer = () => refused('engine_unreachable', 503);
  const asked = answerHttp(server, () => answer());
  server.append(instance());
  await show(<ProcessDiagram processInstanceId="p1" />, server);
  const again = await screen.findByRole('button', { name: 'Try again' });
  answer = () => refused('forbidden');
  fireEvent.click(again);
  await waitFor(() =>
    expect(screen.getByTestId('diagram-missing').textContent).toContain('not available to you'),
  );
  const models = asked.filter((one) => one.startsWith('/v1/diagram'));
  expect(models).toEqual(Array(2).fill('/v1/diagram?room=process%3Ap1'));
});

test('A definition counts what runs in all of its instances, in the language of who reads', async () => {
  const server = await startServer();
  answerHttp(server, () => refused('not_found', 404));
  server.append(activity('a1', 'check'), activity('a2', 'check', 'running', { processInstanceId: 'p2' }));
  server.append(incident('open'));
  await show(
    <LocaleProvider language="de">
      <DefinitionDiagram processDefinitionKey="order" />
    </LocaleProvider>,
    server,
  );
  await waitFor(() =>
    expect(standing()).toEqual({
      check: 'The check 2 laufend',
      send: 'send 1 Störung: no route to the shop',
    }),
  );
});

test('A definition of which more runs than a page should hold says so, and is let go', async () => {
  const server = await startServer();
  answerHttp(server, () => refused('not_found', 404));
  server.append(...Array.from({ length: 10_001 }, (_, n) => activity(`a${n}`, 'check')));
  await show(<DefinitionDiagram processDefinitionKey="order" />, server);
  expect((await screen.findByTestId('diagram-too-many')).textContent).toContain('More than 10,000');
  await waitFor(() => expect(server.unsubscribes).toContainEqual(['definition:order']));
  expect(standing()).toEqual({});
});

test('An element links to the instance that it has called, where there is one and its page is known', () => {
  const at = (called: string[]) => ({
    elementId: 'call',
    name: 'The call',
    running: called.length,
    done: 0,
    cancelled: 0,
    isAround: false,
    incidents: [],
    people: [],
    called,
  });
  const hrefOf = (id: string) => (id === 'p2' ? `#/process/${id}` : undefined);
  const linkOf = (called: string[]) => {
    const shown = render(<Numbers standing={at(called)} onTell={() => undefined} hrefOf={hrefOf} />);
    const href = shown.container.querySelector('a')?.getAttribute('href');
    shown.unmount();
    return href;
  };
  expect([['p2'], ['p3'], ['p2', 'p3'], []].map(linkOf)).toEqual([
    '#/process/p2',
    undefined,
    undefined,
    undefined,
  ]);
});
