// @vitest-environment happy-dom
import { ERRORS } from '@netbuild/realtime-protocol';
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { EXECUTION, message, task } from '../../client/test/helpers/happenings.ts';
import {
  type Happening,
  type ScriptedServer,
  startServer,
} from '../../client/test/helpers/scripted-server.ts';
import {
  AgentCard,
  ApprovalCard,
  IncidentCard,
  type Language,
  LocaleProvider,
  PaymentCard,
  PresenceList,
  TaskCard,
  TaskList,
  useErrorWords,
  useRoom,
  useView,
  WebSocketProvider,
} from '../src/index.ts';

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

let server: ScriptedServer;

beforeEach(async () => {
  server = await startServer();
});

afterEach(() => {
  cleanup();
});

function show(children: ReactNode, language: Language = 'en') {
  return render(
    <WebSocketProvider url={server.url} token="alice">
      <LocaleProvider language={language} timeZone="UTC">
        <Here>{children}</Here>
      </LocaleProvider>
    </WebSocketProvider>,
  );
}

/** In the execution's room. */
function Here({ children }: { children: ReactNode }) {
  useRoom(EXECUTION);
  return <main>{children}</main>;
}

function Tasks(props: Partial<Parameters<typeof TaskList>[0]>) {
  return <TaskList label="Tasks" rows={useView('tasks', { room: EXECUTION }).data} {...props} />;
}

const of = (
  kind: string,
  id: string,
  data: Record<string, unknown>,
  more: Partial<Happening> = {},
): Happening => ({
  type: `${kind}:updated` as Happening['type'],
  subject: `${kind}/${id}` as NonNullable<Happening['subject']>,
  rooms: [EXECUTION],
  data: { [`${kind}Id`]: id, executionId: 'e1', ...data } as Happening['data'],
  ...more,
});
const approval = (id: string, data: Record<string, unknown>): Happening =>
  of('approval', id, {
    state: 'requested',
    candidateUsers: [],
    candidateGroups: [],
    title: 'Release?',
    ...data,
  });

const refuse = (code: string, more: object = {}) =>
  (() => ({ success: false, error: { code, message: '', retryable: false, ...more } })) as never;
const done = (input: Record<string, unknown>) =>
  ({
    success: true,
    commandId: String(input.commandId),
    epoch: 'life1',
    seq: server.seq,
    result: {},
  }) as never;

const card = (name: string) => screen.findByTestId(name);

/** What axe finds, colours aside: nothing is drawn here. */
async function findings() {
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

test('a claim is shown at once; refused, it is taken back, and the card says by name who was faster', async () => {
  server.append(task('t1', { candidateGroups: ['developers'] }));
  show(<Tasks />);
  fireEvent.click(await screen.findByTestId('task-claim'));
  await waitFor(() => expect(screen.getByTestId('task-card').dataset.assignee).toBe('alice'));
  expect(screen.getByTestId('saving').textContent).toBe('Saving …');
  await waitFor(() => expect(server.commands).toHaveLength(1));
  cleanup();

  server.handle = refuse('task_taken');
  show(<Tasks />);
  fireEvent.click(await screen.findByTestId('task-claim'));
  const error = await screen.findByTestId('task-error');
  expect(error.getAttribute('role')).toBe('alert');
  expect(error.textContent).toBe('Somebody else was faster and has this task.');
  expect(screen.getByTestId('task-card').getAttribute('data-assignee')).toBe('');
  expect(screen.getByTestId('saving').textContent).toBe('');
  // The log tells who it was, and what was said is not gone with that.
  server.append(task('t1', { assignee: 'bob' }));
  await waitFor(() =>
    expect(screen.getByTestId('task-error').textContent).toBe('bob was faster and has this task.'),
  );
  fireEvent.click(screen.getByLabelText('Close this message'));
  expect(screen.queryByTestId('task-error')).toBeNull();
});

test('any other refusal goes when the task has changed', async () => {
  server.append(task('t1', { assignee: 'alice' }));
  server.handle = refuse('engine_unreachable');
  show(<Tasks />);
  fireEvent.click(await screen.findByTestId('task-unclaim'));
  expect((await screen.findByTestId('task-error')).textContent).toContain('does not answer');
  server.append(task('t1', { assignee: 'alice', priority: 80 }));
  await waitFor(() => expect(screen.queryByTestId('task-error')).toBeNull());
  expect(screen.getByText('High priority')).toBeTruthy();
});

test('every refusal has words in English and in German', () => {
  const codes = [...Object.keys(ERRORS), 'timeout', 'expired', 'outbox_full', 'disconnected', 'life_changed'];
  function Words() {
    const words = useErrorWords();
    return codes.map((code) => (
      <li key={code}>{words({ code, message: 'for developers', retryable: false } as never)}</li>
    ));
  }
  const [english, german] = (['en', 'de'] as const).map((language) =>
    renderToString(
      <LocaleProvider language={language}>
        <Words />
      </LocaleProvider>,
    )
      .split('</li><li>')
      .map((words) => words.replace(/<[^>]*>|for developers/g, '').trim()),
  );
  expect(english).toHaveLength(codes.length);
  for (const [i, words] of english!.entries()) {
    expect(words, codes[i]).toMatch(/\w+ \w+/);
    expect(german![i], codes[i]).not.toBe(words);
    expect(german![i], codes[i]).toMatch(/\w+ \w+/);
  }
});

test('a task says until when it is to be done, and that this has passed', async () => {
  server.append(
    task('t1', { dueDate: '2026-01-05T09:00:00Z' }),
    task('t2', { dueDate: '2099-01-05T09:00:00Z' }),
  );
  show(<Tasks />, 'de');
  await waitFor(() => expect(screen.getAllByTestId('due')).toHaveLength(2));
  expect(screen.getAllByTestId('due').map((due) => [due.textContent, due.dataset.overdue])).toEqual([
    ['Überfällig seit 05.01.2026, 09:00', 'true'],
    ['Fällig 05.01.2099, 09:00', 'false'],
  ]);
});

test('a day that is near is said by its name, by the clock of who reads', async () => {
  const inHours = (hours: number) => new Date(Date.UTC(2099, 0, 5, 12 + hours)).toISOString();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2099, 0, 5, 12) });
  onTestFinished(() => void vi.useRealTimers());
  server.append(...[-24, 2, 24, 48].map((hours, i) => task(`t${i}`, { dueDate: inHours(hours) })));
  show(<Tasks />);
  await waitFor(() => expect(screen.getAllByTestId('due')).toHaveLength(4));
  expect(screen.getAllByTestId('due').map((due) => due.textContent)).toEqual([
    'Overdue since yesterday, 12:00',
    'Due today, 14:00',
    'Due tomorrow, 12:00',
    'Due 7 Jan 2099, 12:00',
  ]);
});

test('parts of a card are replaced, or put into something else, and a card can be of an id alone', async () => {
  server.append(task('t1'), task('t2'));
  show(
    <>
      <Tasks
        renderTask={(row, usual) =>
          row.data.taskId === 't1' ? <b data-testid="own">{row.data.taskName}</b> : usual
        }
        renderHolder={() => <i>nobody yet</i>}
        renderActions={(_row, usual) => <fieldset>{usual}</fieldset>}
      />
      <TaskCard id="t1" />
    </>,
  );
  expect((await screen.findByTestId('own')).textContent).toBe('Task t1');
  const cards = screen.getAllByTestId('task-card');
  expect(cards.map((one) => one.dataset.taskId)).toEqual(['t2', 't1']);
  expect(within(cards[0]!).getByText('nobody yet')).toBeTruthy();
  expect(within(within(cards[0]!).getByRole('group')).getByTestId('task-claim')).toBeTruthy();
  server.append(task('t1', { assignee: 'bob' }));
  await waitFor(() => expect(within(cards[1]!).getByText('bob')).toBeTruthy());
});

test('a name is typed or chosen to whom a task is given', async () => {
  server.append(task('t1', { assignee: 'alice', candidateUsers: ['carol'] }));
  server.handle = done;
  show(<Tasks people={['bob']} />);
  const opener = await screen.findByTestId('task-assign-open');
  expect(await findings()).toEqual([]);
  fireEvent.click(opener);
  const field = await screen.findByTestId('task-assign-name');
  act(() => field.focus());
  fireEvent.keyDown(field, { key: 'ArrowDown' });
  expect((await screen.findAllByRole('option')).map((option) => option.textContent)).toEqual([
    'bobob',
    'cacarol',
  ]);
  fireEvent.input(field, { target: { value: 'dora' } });
  fireEvent.submit(field);
  await waitFor(() =>
    expect(server.commands[0]).toMatchObject({
      name: 'task:assign',
      input: { taskId: 't1', assignee: 'dora' },
    }),
  );
});

test('an approval says whom it asks and how many have decided, and who was faster', async () => {
  server.append(
    approval('a1', { assignee: 'alice', among: 'run', of: 2, requestedBy: 'dave', reasonRequired: true }),
    approval('a2', { assignee: 'bob', among: 'run', of: 2 }),
    approval('a3', { assignee: 'alice', among: 'other', of: 5 }),
  );
  show(
    <>
      <ApprovalCard id="a1" />
      <ApprovalCard id="a2" />
      <ApprovalCard id="a3" />
    </>,
  );
  const counts = () => screen.getAllByTestId('approval-among').map(({ textContent }) => textContent);
  await waitFor(() =>
    expect(counts()).toEqual(['0 of 2 decided', '0 of 2 decided', 'One of 5 who are asked']),
  );
  expect(screen.getAllByTestId('task-approve')).toHaveLength(2);
  expect(await findings()).toEqual([]);
  server.append(approval('a2', { state: 'approved', decidedBy: 'bob', among: 'run', of: 2 }));
  await waitFor(() => expect(counts()[0]).toBe('1 of 2 decided'));
  server.handle = refuse('approval_closed', { current: { state: 'approved', decidedBy: 'bob' } });
  fireEvent.click(screen.getAllByTestId('task-approve')[0]!);
  expect((await screen.findByTestId('approval-error')).textContent).toBe('bob has approved this already.');
});

test('an agent can be stopped, and what has failed be tried again; what it says is shown as it comes', async () => {
  server.handle = done;
  server.append(
    of('agent', 'g1', {
      agent: 'summarise',
      state: 'thinking',
      since: '2026-01-01T00:00:00Z',
      until: new Date(Date.now() + 10_000).toISOString(),
      ttl: 15_000,
      messageId: 'm1',
    }),
    message('m1', 'The customer ', 'summarise'),
  );
  show(<AgentCard id="g1" />);
  expect((await screen.findByTestId('agent-lease')).textContent).toMatch(/within \d+ s/);
  server.say({
    type: 'agent:delta',
    data: { agentId: 'g1', messageId: 'm1', offset: 13, text: 'asks' },
  } as never);
  await waitFor(() => expect(screen.getByTestId('agent-text').textContent).toBe('The customer asks'));
  expect(await findings()).toEqual([]);
  fireEvent.click(screen.getByTestId('agent-stop'));
  await waitFor(() =>
    expect(server.commands[0]).toMatchObject({ name: 'agent:stop', input: { agentId: 'g1' } }),
  );
  server.append(
    of('agent', 'g1', {
      agent: 'summarise',
      state: 'failed',
      reason: 'silent',
      since: '2026-01-01T00:00:00Z',
    }),
  );
  fireEvent.click(await screen.findByTestId('agent-retry'));
  await waitFor(() => expect(server.commands[1]).toMatchObject({ name: 'agent:retry' }));
  // Once somebody has asked for it, it is not asked for again.
  server.append(
    of('agent', 'g1', {
      agent: 'summarise',
      state: 'failed',
      reason: 'silent',
      since: '2026-01-01T00:00:00Z',
      retryBy: 'bob',
    }),
  );
  await waitFor(() => expect(screen.queryByTestId('agent-retry')).toBeNull());
});

test('a payment and an incident say how they stand, in the language of who reads', async () => {
  server.handle = done;
  server.append(
    of('payment', 'p1', {
      amount: 125_050,
      currency: 'EUR',
      status: 'failed',
      failure: 'Declined.',
      updated: '2026-01-05T09:00:00Z',
    }),
    of('incident', 'i1', { state: 'open', activityId: 'charge', message: 'HTTP 503', jobId: 'j1' }),
    of('incident', 'i2', { state: 'open', activityId: 'call', rootCauseIncidentId: 'i1' }),
  );
  show(
    <>
      <PaymentCard id="p1" />
      <IncidentCard id="i1" activityName="Karte belasten" />
      <IncidentCard id="i2" />
    </>,
    'de',
  );
  const payment = await card('payment-card');
  expect(payment.textContent).toMatch(/1\.250,50\s€.*Fehlgeschlagen.*Declined\./);
  expect(screen.getByText('Steht bei Karte belasten')).toBeTruthy();
  expect(await findings()).toEqual([]);
  // One that only passes on another's can not be tried again.
  fireEvent.click(screen.getByTestId('incident-retry'));
  await waitFor(() =>
    expect(server.commands[0]).toMatchObject({ name: 'incident:retry', input: { incidentId: 'i1' } }),
  );
});

test('who else is here is told by faces, and by names to who wants to know', async () => {
  server.present = () => ({ count: 4, people: ['alice', 'bob', 'carol', 'dave'] });
  show(<PresenceList room={EXECUTION} most={2} />);
  const button = await screen.findByRole('button', { name: '3 others are here' });
  fireEvent.click(button);
  const names = within(await screen.findByTestId('people')).getAllByRole('listitem');
  expect(names.map(({ textContent }) => textContent)).toEqual(['bobob', 'cacarol', 'dadave']);
});

test('a long list tells how many there are, draws few, and keeps what has the focus', async () => {
  // Nothing is laid out here: the box is 600 pixels high, and a card 100.
  const heights = new Map([
    ['clientHeight', 600],
    ['offsetHeight', 100],
  ] as const);
  for (const [name, height] of heights) vi.spyOn(HTMLElement.prototype, name, 'get').mockReturnValue(height);
  onTestFinished(() => void vi.restoreAllMocks());
  server.append(...Array.from({ length: 300 }, (_, i) => task(`t${String(i).padStart(3, '0')}`)));
  show(
    <div style={{ overflowY: 'auto', height: 600 }}>
      <Tasks />
    </div>,
  );
  await waitFor(() => expect(screen.getAllByTestId('task-card').length).toBeGreaterThan(3));
  expect(screen.getAllByTestId('task-card').length).toBeLessThan(60);
  const [first] = screen.getAllByRole('listitem');
  expect([first!.getAttribute('aria-posinset'), first!.getAttribute('aria-setsize')]).toEqual(['1', '300']);
  act(() => first!.focus());
  fireEvent.keyDown(first!, { key: 'End' });
  await waitFor(() => expect(document.activeElement?.getAttribute('aria-posinset')).toBe('300'));
});
