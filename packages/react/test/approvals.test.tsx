// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { EXECUTION } from '../../client/test/helpers/happenings.ts';
import { type Happening, startServer } from '../../client/test/helpers/scripted-server.ts';
import { ReactiveWorkstreamChat, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

function approval(type: 'requested' | 'completed', more: Record<string, unknown> = {}): Happening {
  return {
    type: `approval:${type}`,
    subject: 'approval/a1',
    rooms: [EXECUTION],
    data: {
      approvalId: 'a1',
      title: 'Approve the release',
      state: 'requested',
      candidateUsers: [],
      candidateGroups: ['leads'],
      due: '2027-01-02T09:00:00.000Z',
      ...more,
    },
    ...(type === 'completed' ? { ended: true as const } : {}),
  };
}

async function chat() {
  const server = await startServer();
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  return server;
}

const lines = () => screen.getAllByTestId('timeline-line').map(({ textContent }) => textContent);

test('An approval is a line: whom it asks, what, until when; and then who has decided what, and why', async () => {
  const server = await chat();
  server.append(approval('requested'));
  await screen.findByText(/^Approval asked of leads: Approve the release \(due .*2027.*\)$/);
  server.append(approval('completed', { state: 'rejected', decidedBy: 'bob', reason: 'Too soon.' }));
  await screen.findByText('bob rejected: Approve the release');
  expect(lines().at(-1)).toContain('Too soon.');
  expect(screen.queryByTestId('line-actions')).toBeNull();
});

test('An approval can be decided from its line, and who rejects is asked why', async () => {
  const server = await chat();
  server.append(approval('requested', { reasonRequired: true }));
  fireEvent.click(await screen.findByRole('button', { name: /^Reject/ }));
  const field = await screen.findByTestId('line-action-field');
  fireEvent.change(field, { target: { value: 'Too soon.' } });
  fireEvent.click(screen.getByTestId('line-action-send'));
  await waitFor(() => expect(server.commands).toHaveLength(1));
  expect(server.commands[0]).toMatchObject({
    name: 'approval:decide',
    input: { approvalId: 'a1', decision: 'rejected', reason: 'Too soon.' },
  });
});

test('The task of an approval is no line of its own beside it', async () => {
  const server = await chat();
  const task = (type: 'task:created' | 'task:completed', more: object = {}): Happening => ({
    type,
    subject: 'task/a1',
    rooms: [EXECUTION],
    data: { taskId: 'a1', taskName: 'Approve the release', state: 'open', candidateUsers: [], ...more },
  });
  server.append(task('task:created', { approval: {} }), approval('requested'));
  await screen.findByText(/^Approval asked of leads/);
  server.append(
    task('task:completed', { state: 'completed', approval: {} }),
    approval('completed', { state: 'approved', decidedBy: 'bob' }),
  );
  await screen.findByText('bob approved: Approve the release');
  expect(lines()).toHaveLength(2);
});

test('An approval of somebody else has nothing to press', async () => {
  const server = await chat();
  server.append(approval('requested', { assignee: 'bob' }));
  await screen.findByText(/^Approval asked of bob/);
  expect(screen.queryByTestId('line-actions')).toBeNull();
});
