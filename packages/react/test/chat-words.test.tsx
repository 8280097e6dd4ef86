// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { EXECUTION, execution, message, task } from '../../client/test/helpers/happenings.ts';
import { type Happening, startServer } from '../../client/test/helpers/scripted-server.ts';
import { LocaleProvider, ReactiveWorkstreamChat, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

const happening = (type: string, subject: string, data: object, more: object = {}): Happening =>
  ({ type, subject, rooms: [EXECUTION], data, ...more }) as Happening;

async function chatIn(language: 'en' | 'de', timeZone: string, ...happenings: Happening[]) {
  const server = await startServer();
  server.append(execution(), ...happenings);
  render(
    <LocaleProvider language={language} timeZone={timeZone}>
      <WebSocketProvider url={server.url} token="alice">
        <ReactiveWorkstreamChat executionId="e1" processInstanceId="p1" />
      </WebSocketProvider>
    </LocaleProvider>,
  );
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  return server;
}

const lines = () => screen.queryAllByTestId('timeline-line').map((line) => line.textContent ?? '');

test('a German reads all of it in German, in the money and by the clock that they are used to', async () => {
  const payment = { paymentId: 'y', status: 'succeeded', amount: 125_000, currency: 'EUR', updated: '' };
  const server = await chatIn(
    'de',
    'Europe/Berlin',
    message('m1', 'Hallo', 'alice'),
    task('t1'),
    task('t1', { assignee: 'bob' }),
    task('t1', { state: 'completed', by: 'bob' }),
    happening('payment:status', 'payment/y', payment),
    happening('agent:thinking', 'agent/a', { agentId: 'a', agent: 'summarise', state: 'thinking' }),
    happening('approval:requested', 'approval/v', {
      approvalId: 'v',
      title: 'Das Angebot',
      state: 'requested',
      candidateUsers: ['alice'],
      candidateGroups: [],
      due: '2027-01-31T23:30:00.000Z',
    }),
    happening('x:milestone', 'message-less', {}),
  );
  const words = [
    'Workstream eröffnet: Delivery',
    'Sie',
    'Neue Aufgabe: Task t1',
    'Aufgabe zugewiesen an bob',
    'Aufgabe erledigt: Task t1 von bob',
    'Zahlung eingegangen: 1.250,00\u00a0€',
    'summarise denkt nach …',
    // By the clock of Berlin it is due on the next day.
    'Freigabe erbeten von alice: Das Angebot (fällig am 01.02.2027, 00:30)',
    'milestone',
  ];
  expect(lines().map((line, at) => line.startsWith(words[at]!) || line)).toEqual(words.map(() => true));
  expect(screen.getByText('Hallo').parentElement!.querySelector('time')!.textContent).toBe('13:00');
  expect(screen.getByRole('button', { name: /^Freigeben: / })).toBeTruthy();
  expect(screen.getByPlaceholderText('Nachricht schreiben')).toBeTruthy();
  expect(screen.getByText('Nur Chat')).toBeTruthy();
  server.handle = () => ({
    success: false,
    error: { code: 'forbidden', message: 'Not for you, or not there.', retryable: false },
  });
  fireEvent.change(screen.getByTestId('composer-input'), { target: { value: 'Hallo?' } });
  fireEvent.click(screen.getByTestId('composer-send'));
  await screen.findByText('Nicht gesendet: Das dürfen Sie hier nicht.');
  // No word of the other language is left over in what the chat itself says.
  const said = document.body.textContent!.replace(/Workstream|Delivery|Task t1|summarise|milestone/g, '');
  expect(said).not.toMatch(/\b(the|you|new|task|send|sending|loading|nobody|here|try|again|is)\b/i);
});

test('a time zone or a moment that is none is no reason to show nothing', async () => {
  await chatIn('en', 'Mars/Olympus', task('t1'), {
    ...message('m1', 'hello'),
    data: { ...(message('m1', 'hello').data as object), timestamp: 'soon' },
  } as Happening);
  expect(lines()[1]).toContain('New task: Task t1');
  expect(screen.getByText('hello').parentElement!.querySelector('time')!.textContent).toBe('soon');
});
