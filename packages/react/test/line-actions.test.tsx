// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { EXECUTION, task } from '../../client/test/helpers/happenings.ts';
import { type Happening, startServer } from '../../client/test/helpers/scripted-server.ts';
import { ReactiveWorkstreamChat, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

function incident(incidentId: string, more: Record<string, unknown> = {}): Happening {
  const isOver = more.state === 'resolved';
  return {
    type: isOver ? 'process:error-resolved' : 'process:error',
    subject: `incident/${incidentId}`,
    rooms: [EXECUTION],
    data: { incidentId, activityId: 'deploy', jobId: `job-${incidentId}`, state: 'open', ...more },
    ...(isOver ? { ended: true as const } : {}),
  };
}

async function chatWith(...happenings: Happening[]) {
  const server = await startServer();
  server.append(...happenings);
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  return server;
}

/** The events whose lines have an action. */
const acted = () =>
  screen
    .queryAllByTestId('line-actions')
    .map((box) => box.closest<HTMLElement>('[data-testid="timeline-line"]')!.dataset.eventType);

test('a line has what can be done about it, at the newest line of what it is about, until that is over', async () => {
  const server = await chatWith(task('t1'), incident('i1'), task('t2'));
  expect(acted()).toEqual(['process:error']);
  server.append({ ...incident('i1'), type: 'process:error-updated' });
  await waitFor(() => expect(acted()).toEqual(['process:error-updated']));
  server.append(incident('i1', { state: 'resolved' }));
  await waitFor(() => expect(acted()).toEqual([]));
  expect(screen.getAllByTestId('timeline-line')).toHaveLength(5);
});

test('what has left us, or what nothing can be done about, has no action though its line stays', async () => {
  const server = await chatWith(incident('i1'), incident('i2', { jobId: undefined }));
  expect(acted()).toHaveLength(1);
  server.append({ ...incident('i1'), rooms: ['process:p2'] });
  await waitFor(() => expect(acted()).toEqual([]));
  expect(screen.getAllByTestId('timeline-line')).toHaveLength(2);
});

test('an action says what it is about, waits for its answer, is given once, and its effect comes by the event', async () => {
  const server = await chatWith(incident('i1'));
  const button = screen.getByRole('button', { name: 'Try again: Incident at deploy' });
  button.focus();
  fireEvent.click(button);
  fireEvent.click(button);
  await waitFor(() => expect(server.commands).toHaveLength(1));
  expect(server.commands[0]).toMatchObject({ name: 'incident:retry', input: { incidentId: 'i1' } });
  expect(screen.getByTestId('line-actions').getAttribute('aria-busy')).toBe('true');
  expect(document.activeElement).toBe(button);
  // Where the button was, the reader still is.
  server.append(incident('i1', { state: 'resolved' }));
  await waitFor(() => expect(acted()).toEqual([]));
  expect((document.activeElement as HTMLElement).dataset.eventType).toBe('process:error');
});

test('a refusal stands beside the button in words, until the row has changed', async () => {
  const server = await chatWith(incident('i1'));
  server.handle = () => ({
    success: false,
    error: { code: 'forbidden', message: 'Not for you, or not there.', retryable: false },
  });
  fireEvent.click(screen.getByTestId('line-action'));
  const error = await screen.findByTestId('line-error');
  expect([error.dataset.code, error.textContent]).toEqual([
    'forbidden',
    'Not done: You may not do that here.',
  ]);
  expect(screen.getByTestId('line-actions').getAttribute('aria-busy')).toBe('false');
  server.append(incident('i1', { message: 'again' }));
  await waitFor(() => expect(screen.queryByTestId('line-error')).toBeNull());
});

const suggestion = (state: string, more = {}): Happening => ({
  type: `optimization:${state}` as Happening['type'],
  subject: 'optimization/o1',
  rooms: [EXECUTION],
  data: { optimizationId: 'o1', title: 'Cache it', effect: 'Half the time', state, suggested: '', ...more },
  ...(state === 'suggested' ? {} : { ended: true as const }),
});

test('an action that asks for a reason sends it along; Escape takes it back, and the focus with it', async () => {
  const server = await chatWith(suggestion('suggested'));
  const dismiss = screen.getByRole('button', { name: 'Dismiss: Suggestion: Cache it' });
  fireEvent.click(dismiss);
  expect(document.activeElement).toBe(screen.getByTestId('line-action-field'));
  fireEvent.keyDown(screen.getByTestId('line-action-field'), { key: 'Escape' });
  expect(screen.queryByTestId('line-action-field')).toBeNull();
  expect(document.activeElement).toBe(dismiss);
  expect(server.commands).toHaveLength(0);

  server.handle = (input) => {
    server.append(suggestion('dismissed', { decidedBy: 'alice', reason: input.reason }));
    return { success: true, commandId: String(input.commandId), epoch: 'life1', seq: 2, result: {} as never };
  };
  fireEvent.click(dismiss);
  fireEvent.change(screen.getByLabelText('Why (may stay empty)'), { target: { value: ' Not now. ' } });
  fireEvent.submit(screen.getByTestId('line-action-field').closest('form')!);
  await screen.findByText(/by alice: Not now\./);
  expect(server.commands).toMatchObject([
    { name: 'optimization:dismiss', input: { optimizationId: 'o1', reason: 'Not now.' } },
  ]);
  expect(acted()).toEqual([]);
});
