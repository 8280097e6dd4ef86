// @vitest-environment happy-dom

import type { AddressInfo } from 'node:net';
import { createServer, connect as open } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import { type ComponentType, lazy, type ReactNode, StrictMode, Suspense } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToPipeableStream, renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { EXECUTION, execution, message, task } from '../../client/test/helpers/happenings.ts';
import { startServer } from '../../client/test/helpers/scripted-server.ts';
import * as parts from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

/** What React has complained of. */
let complaints: unknown[];

beforeEach(() => {
  complaints = [];
  // What happens here happens as in a page, and not inside of `act`.
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
  for (const level of ['error', 'warn'] as const)
    vi.spyOn(console, level).mockImplementation((...words) => complaints.push(words.join(' ')));
});

type Parts = typeof parts;

function Tasks({ parts: { useTasks }, id }: { parts: Parts; id: string }) {
  const { data, status } = useTasks({ room: EXECUTION });
  return <p data-testid={id}>{`${status} ${data.length}`}</p>;
}

const page = (one: Parts, url: string) => (
  <StrictMode>
    <one.WebSocketProvider url={url} token="alice">
      <Tasks parts={one} id="tasks" />
      <one.ReactiveWorkstreamChat executionId="e1" processInstanceId="p1" />
    </one.WebSocketProvider>
  </StrictMode>
);

/** Renders as a server does: in another process, with modules of its own, and without a page. */
async function onServer(toHtml: (one: Parts) => string | Promise<string>): Promise<string> {
  for (const name of ['document', 'window', 'localStorage', 'sessionStorage']) vi.stubGlobal(name, undefined);
  try {
    vi.resetModules();
    return await toHtml(await import('../src/index.ts'));
  } finally {
    vi.unstubAllGlobals();
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
  }
}

/** A way to the server that counts who goes it. */
async function counted(url: string) {
  let opened = 0;
  const way = createServer((socket) => {
    opened++;
    const on = open(Number(new URL(url).port), '127.0.0.1');
    for (const [from, to] of [
      [socket, on],
      [on, socket],
    ] as const)
      from.on('error', () => to.destroy()).pipe(to);
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void way.close());
  return { url: `http://127.0.0.1:${(way.address() as AddressInfo).port}`, opened: () => opened };
}

const ways: [name: string, toHtml: (node: ReactNode) => Promise<string>][] = [
  ['renderToString', async (node) => renderToString(node)],
  [
    'renderToPipeableStream',
    (node) =>
      new Promise((resolve, reject) => {
        const { pipe } = renderToPipeableStream(node, {
          onAllReady: () => resolve(text(pipe(new PassThrough()))),
          onError: reject,
        });
      }),
  ],
];

/** Takes over what a server has made. */
function hydrate(html: string, node: ReactNode): HTMLElement {
  const container = document.createElement('div');
  container.innerHTML = html;
  document.body.append(container);
  const root = hydrateRoot(container, node, {
    onRecoverableError: (error) => complaints.push(`recovered from: ${error}`),
  });
  onTestFinished(() => {
    root.unmount();
    container.remove();
  });
  return container;
}

test.each(ways)('%s makes a page and no connection, and the page goes on with it', async (_, toHtml) => {
  const server = await startServer();
  server.append(execution(), task('t1'), message('m1', 'hello'));
  const way = await counted(server.url);
  const html = await onServer((one) => toHtml(page(one, way.url)));
  expect(html).toContain('connecting 0');
  expect(html).toContain('Loading the conversation');
  // What a connection does before it is one would be done by now.
  await setImmediate();
  expect(way.opened()).toBe(0);

  const container = hydrate(html, page(parts, way.url));
  await waitFor(() => expect(screen.getByTestId('tasks').textContent).toBe('live 1'));
  await waitFor(() => expect(container.textContent).toContain('hello'));
  expect(complaints).toEqual([]);
  expect([way.opened(), server.handshakes.length]).toEqual([1, 1]);
});

test('a part of the page that is taken over only when the connection is there is the one that the server has made', async () => {
  const server = await startServer();
  server.append(execution(), task('t1'), message('m1', 'hello'));
  const late = (one: Parts, Late: ComponentType) => (
    <one.WebSocketProvider url={server.url} token="alice">
      <Suspense fallback="…">
        <Late />
      </Suspense>
      <Tasks parts={one} id="early" />
    </one.WebSocketProvider>
  );
  const lateOf = (one: Parts) => (
    <>
      <Tasks parts={one} id="late" />
      <one.ReactiveWorkstreamChat executionId="e1" />
    </>
  );
  const html = await onServer((one) => renderToString(late(one, () => lateOf(one))));
  let arrive: (module: { default: ComponentType }) => void = () => {};
  const arriving = new Promise<{ default: ComponentType }>((resolve) => {
    arrive = resolve;
  });
  const container = hydrate(
    html,
    late(
      parts,
      lazy(() => arriving),
    ),
  );
  await waitFor(() => expect(screen.getByTestId('early').textContent).toBe('live 1'));
  // React 18 makes such a part anew in the page as soon as any context above it changes, as the status is one.
  const isAnew = process.env.REACT === '18';
  if (!isAnew) expect(screen.getByTestId('late').textContent).toBe('connecting 0');
  arrive({ default: () => lateOf(parts) });
  await waitFor(() => expect(screen.getByTestId('late').textContent).toBe('live 1'));
  await waitFor(() => expect(container.textContent).toContain('hello'));
  if (!isAnew) expect(complaints).toEqual([]);
});

test('a page that is another one than the server has made is complained of, so that silence means something', async () => {
  let turn = 0;
  function Turn() {
    return <p>{turn}</p>;
  }
  const html = renderToString(<Turn />);
  turn = 1;
  const container = hydrate(html, <Turn />);
  await waitFor(() => expect(container.textContent).toBe('1'));
  expect(complaints.join()).toContain('recovered from');
});

test('StrictMode opens one socket, and leaving the page closes it', async () => {
  const server = await startServer();
  const way = await counted(server.url);
  render(page(parts, way.url));
  await waitFor(() => expect(screen.getByTestId('tasks').textContent).toBe('live 0'));
  expect([way.opened(), server.handshakes.length]).toEqual([1, 1]);
  cleanup();
  await waitFor(() => expect(server.connections).toHaveLength(0));
  expect(way.opened()).toBe(1);
  expect(complaints).toEqual([]);
});
