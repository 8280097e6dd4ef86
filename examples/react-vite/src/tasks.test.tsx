// @vitest-environment happy-dom
import { createFakeClient } from '@netbuild/realtime-client/testing';
import { WebSocketProvider } from '@netbuild/realtime-react';
import { fireEvent, render, screen } from '@testing-library/react';
import { test } from 'vitest';
import { Tasks } from './tasks.tsx';

test('a claim is shown at once, and taken back where somebody else was faster', async () => {
  const parcel = { taskId: 'parcel-0815', taskName: 'Pack parcel 0815', candidateUsers: ['alice'] };
  const client = createFakeClient({
    rows: { tasks: [{ ...parcel, state: 'open', candidateGroups: [] }] },
  });
  render(
    <WebSocketProvider client={client}>
      <Tasks />
    </WebSocketProvider>,
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Claim' }));
  await screen.findByRole('button', { name: 'Complete' });

  client.commands[0]?.refuse('task_taken');
  await screen.findByRole('alert');
  await screen.findByRole('button', { name: 'Claim' });
});
