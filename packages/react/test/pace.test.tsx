// @vitest-environment happy-dom
import { setImmediate } from 'node:timers/promises';
import { cleanup, configure, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { EXECUTION, task } from '../../client/test/helpers/happenings.ts';
import { startServer } from '../../client/test/helpers/scripted-server.ts';
import { useTasks, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

/** Milliseconds that the page takes to show its list. */
const DEAR = 20;

test('a burst is shown in steps, with rests as long as the work between them, and the last of it is shown', async () => {
  const server = await startServer();
  let renders = 0;
  let idle = 0;
  function Tasks() {
    const { data, status } = useTasks({ room: EXECUTION });
    renders++;
    for (const end = performance.now() + DEAR; performance.now() < end; );
    return <p>{`${status} ${data.length}`}</p>;
  }
  render(
    <WebSocketProvider url={server.url} token="alice">
      <Tasks />
    </WebSocketProvider>,
  );
  await screen.findByText('live 0');
  renders = 0;
  const from = performance.now();
  for (let n = 1; n <= 100; n++) {
    server.append(task(`t${n}`));
    // Whoever types is answered here.
    await setImmediate();
    idle++;
  }
  await screen.findByText('live 100');
  const took = performance.now() - from;
  expect(idle).toBe(100);
  // Half of the time at most is work.
  expect(renders * DEAR).toBeLessThan(took / 2 + 2 * DEAR);
  expect(renders).toBeLessThan(50);
  // What comes into the quiet is shown as it comes.
  await new Promise((resolve) => setTimeout(resolve, 3 * DEAR));
  renders = 0;
  server.append(task('t101'));
  await screen.findByText('live 101');
  expect(renders).toBe(1);
});
