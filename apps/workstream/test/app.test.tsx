// @vitest-environment happy-dom
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { EXECUTION, execution, task } from '../../../packages/client/test/helpers/happenings.ts';
import { type ScriptedServer, startServer } from '../../../packages/client/test/helpers/scripted-server.ts';
import { App } from '../src/app.tsx';

// A connection on a busy machine may take more than the second that is usual.
configure({ asyncUtilTimeout: 10_000 });

let server: ScriptedServer;

beforeEach(async () => {
  server = await startServer();
  server.ownRooms = (userId) => [`user:${userId}`, 'group:developers'];
  vi.stubEnv('NEXT_PUBLIC_WS_URL', server.url);
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    const { user, password } = JSON.parse(body) as { user: string; password: string };
    if (password !== 'right') return new Response('{"error":{"code":"login_failed"}}', { status: 401 });
    return Response.json({ token: user, userId: user, groups: ['developers'], expiresIn: 60 });
  });
});

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  location.hash = '';
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

function signIn(user: string, password = 'right'): void {
  fireEvent.change(screen.getByTestId('login-user'), { target: { value: user } });
  fireEvent.change(screen.getByTestId('login-password'), { target: { value: password } });
  fireEvent.submit(screen.getByTestId('login-form'));
}

async function signedIn(hash = ''): Promise<void> {
  location.hash = hash;
  render(<App />);
  signIn('alice');
  await waitFor(() => expect(screen.getByTestId('connection-status').dataset.state).toBe('live'));
}

const names = (section: string) =>
  within(screen.getByTestId(`tasks-${section}`))
    .queryAllByTestId('task-card')
    .map((card) => card.dataset.taskId);

const done = (result: object) => (input: Record<string, unknown>) =>
  ({ success: true, commandId: String(input.commandId), epoch: 'life1', seq: server.seq, result }) as never;

test('a wrong password says so', async () => {
  render(<App />);
  signIn('alice', 'wrong');
  expect((await screen.findByTestId('login-error')).textContent).toBe('User or password is wrong.');
});

test('a token that no longer holds leads back to the login, with a sentence', async () => {
  render(<App />);
  signIn('bad');
  expect((await screen.findByTestId('login-farewell')).textContent).toContain('session has ended');
  expect(sessionStorage.length).toBe(0);
});

test('a token that is revoked leads back to the login, too', async () => {
  await signedIn();
  server.closeWith({ code: 'revoked', reason: '', comeBack: false });
  expect((await screen.findByTestId('login-farewell')).textContent).toContain('session has ended');
  expect(sessionStorage.length).toBe(0);
});

test('a session outlasts a reload, and ends with signing out, with all that was being written', async () => {
  await signedIn();
  sessionStorage.setItem('netbuild-realtime/draft', '"half a message"');
  cleanup();
  render(<App />);
  fireEvent.click(await screen.findByTestId('account-open'));
  fireEvent.click(screen.getByTestId('sign-out'));
  expect(screen.getByTestId('login-form')).toBeTruthy();
  expect(sessionStorage.length).toBe(0);
  cleanup();
  render(<App />);
  expect(screen.getByTestId('login-form')).toBeTruthy();
});

test('tasks are mine, available, or with others, and move as they change hands', async () => {
  server.append(
    task('t1', { assignee: 'alice' }, ['user:alice']),
    task('t2', {}, ['group:developers']),
    task('t3', { assignee: 'bob' }, ['group:developers', 'user:bob']),
  );
  await signedIn();
  await waitFor(() =>
    expect([names('mine'), names('available'), names('others')]).toEqual([['t1'], ['t2'], ['t3']]),
  );
  server.append(task('t2', { assignee: 'alice' }, ['group:developers', 'user:alice']));
  await waitFor(() => expect([names('mine'), names('available')]).toEqual([['t1', 't2'], []]));
});

test('a claim that somebody else won is told in words', async () => {
  server.append(task('t1', {}, ['group:developers']));
  server.handle = () => ({
    success: false,
    error: { code: 'task_taken', message: 'taken', retryable: false },
  });
  await signedIn();
  fireEvent.click(await screen.findByTestId('task-claim'));
  expect((await screen.findByTestId('task-error')).textContent).toBe(
    'Somebody else was faster and has this task.',
  );
});

test('an approval is approved by one press, and rejected with a reason', async () => {
  const approval = { reasonRequired: true };
  server.append(task('t1', { assignee: 'alice', approval }, ['user:alice']));
  server.handle = done({ approvalId: 't1' });
  await signedIn();
  fireEvent.click(await screen.findByTestId('task-reject'));
  fireEvent.click(screen.getByTestId('task-reject-cancel'));
  fireEvent.click(screen.getByTestId('task-reject'));
  const reason = screen.getByTestId('task-reject-reason');
  fireEvent.change(reason, { target: { value: ' ' } });
  fireEvent.submit(reason);
  fireEvent.change(reason, { target: { value: 'Too soon.' } });
  fireEvent.submit(reason);
  await waitFor(() => expect(server.commands).toHaveLength(1));
  expect(server.commands[0]).toMatchObject({
    name: 'approval:decide',
    input: { approvalId: 't1', decision: 'rejected', reason: 'Too soon.' },
  });
  fireEvent.click(await screen.findByTestId('task-approve'));
  await waitFor(() => expect(server.commands).toHaveLength(2));
  expect(server.commands[1]).toMatchObject({ input: { approvalId: 't1', decision: 'approved' } });
});

test('who decides too late reads who was faster, and what they have said', async () => {
  server.append(task('t1', { candidateUsers: ['alice'], approval: {} }, ['user:alice']));
  const current = { approvalId: 't1', state: 'rejected', decidedBy: 'bob', reason: 'Too soon.' };
  server.handle = () => ({
    success: false,
    error: { code: 'approval_closed', message: 'Over.', retryable: false, current },
  });
  await signedIn();
  fireEvent.click(await screen.findByTestId('task-approve'));
  expect((await screen.findByTestId('task-error')).textContent).toBe(
    'bob has rejected this already: Too soon.',
  );
});

test('a started process is shown at once, with its state', async () => {
  server.handle = (input) => {
    const process = {
      processInstanceId: 'p1',
      executionId: 'e1',
      processDefinitionName: 'Delivery',
      state: 'active',
    };
    server.append(execution('Invoice service'), {
      type: 'process:started',
      subject: 'process/p1',
      rooms: [EXECUTION],
      data: process,
    });
    return done({ processInstanceId: 'p1', executionId: 'e1' })(input);
  };
  await signedIn();
  fireEvent.click(screen.getByTestId('start-open'));
  fireEvent.change(screen.getByTestId('start-title'), { target: { value: 'Invoice service' } });
  fireEvent.change(screen.getByTestId('start-service'), { target: { value: 'invoice' } });
  fireEvent.submit(screen.getByTestId('start-form'));
  await waitFor(() => expect(screen.getByTestId('execution-title').textContent).toBe('Invoice service'));
  expect((await screen.findByTestId('process')).dataset.processState).toBe('active');
  expect(server.commands[0]!.input).toMatchObject({
    processDefinitionKey: 'microservice-delivery',
    title: 'Invoice service',
    variables: { serviceName: 'invoice' },
  });
});

test('an ended task stays to be seen among what is done', async () => {
  server.append(execution(), task('t1'));
  await signedIn('#/execution/e1');
  await waitFor(() => expect(names('open')).toEqual(['t1']));
  server.append(task('t1', { state: 'completed', by: 'bob' }));
  await waitFor(() => expect(names('done')).toEqual(['t1']));
  expect(names('open')).toEqual([]);
});

test('an execution that is not ours has one friendly page', async () => {
  server.refuses = (room) =>
    room === EXECUTION ? { code: 'forbidden', message: 'no', retryable: false } : undefined;
  await signedIn('#/execution/e1');
  expect((await screen.findByTestId('not-here')).textContent).toContain('Back to my work');
});

test('the status does not lie: a server that proves nothing is told, and its next proof is believed', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  onTestFinished(() => void vi.useRealTimers());
  await signedIn();
  const pill = screen.getByTestId('connection-status');
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  await waitFor(() => expect(pill.dataset.state).toBe('stale'));
  expect(pill.textContent).toMatch(/^Not confirmed since \d/);
  server.checkpoint();
  await waitFor(() => expect(pill.dataset.state).toBe('live'));
});

test('an execution opens by itself as soon as a task of it concerns us', async () => {
  let isOurs = false;
  server.refuses = (room) =>
    room === EXECUTION && !isOurs ? { code: 'forbidden', message: 'no', retryable: false } : undefined;
  await signedIn('#/execution/e1');
  await screen.findByTestId('not-here');
  isOurs = true;
  server.append(execution(), task('t1'));
  await waitFor(() => expect(screen.getByTestId('execution').dataset.status).toBe('live'));
  expect(names('open')).toEqual(['t1']);
});

test('the status does not lie: a broken connection is told, and the page catches up by itself', async () => {
  server.append(execution());
  await signedIn('#/execution/e1');
  await waitFor(() => expect(screen.getByTestId('execution').dataset.status).toBe('live'));
  server.cut();
  await waitFor(() => expect(screen.getByTestId('connection-status').dataset.state).not.toBe('live'));
  server.append(task('t1'));
  await waitFor(() => expect(names('open')).toEqual(['t1']));
});
