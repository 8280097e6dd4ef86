// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { EXECUTION, execution } from '../../client/test/helpers/happenings.ts';
import { startServer } from '../../client/test/helpers/scripted-server.ts';
import { mentionsIn, ReactiveWorkstreamChat, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

test.each([
  ['@bob, could you look?', ['bob']],
  ['Thanks, @Bob. And (@carol)!', ['bob', 'carol']],
  ['@bobby and @bob.builder are others', []],
  ['mail me@bob.example', []],
  ['bob', []],
])('%s addresses %o', (text, people) => {
  expect(mentionsIn(text, ['alice', 'bob', 'carol'])).toEqual(people);
});

test('who is named in a message is named in the command, if they take part', async () => {
  const server = await startServer();
  server.append(execution('Delivery', ['alice', 'bob']));
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(server.subscribes.flatMap(({ rooms }) => rooms)).toContain(EXECUTION));
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  fireEvent.change(screen.getByTestId('composer-input'), { target: { value: '@bob @zoe please look' } });
  fireEvent.click(screen.getByTestId('composer-send'));
  await waitFor(() => expect(server.commands).toHaveLength(1));
  expect(server.commands[0]).toMatchObject({ name: 'message:send', input: { mentions: ['bob'] } });
});
