// @vitest-environment happy-dom
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { execution, task } from '../../../packages/client/test/helpers/happenings.ts';
import { type ScriptedServer, startServer } from '../../../packages/client/test/helpers/scripted-server.ts';
import { App } from '../src/app.tsx';

// A connection on a busy machine may take more than the second that is usual.
configure({ asyncUtilTimeout: 10_000 });

let server: ScriptedServer;
/** What the stand-in for the device's notifications was asked for, and has shown. */
let asked: number;
let shown: { title: string; tag: string | undefined; click: () => void }[];

beforeEach(async () => {
  server = await startServer();
  server.ownRooms = (userId) => [`user:${userId}`, 'group:developers'];
  vi.stubEnv('NEXT_PUBLIC_WS_URL', server.url);
  vi.stubGlobal('fetch', async (_url: string, options?: { body?: string }) => {
    if (options?.body === undefined) return new Response('{}', { status: 404 });
    const { user } = JSON.parse(options.body) as { user: string };
    return Response.json({ token: user, userId: user, groups: ['developers'], expiresIn: 60 });
  });
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  asked = 0;
  shown = [];
  class FakeNotification extends EventTarget {
    static permission = 'default';
    static async requestPermission() {
      asked++;
      FakeNotification.permission = 'granted';
      return 'granted';
    }
    constructor(title: string, { tag }: NotificationOptions = {}) {
      super();
      shown.push({ title, tag, click: () => this.dispatchEvent(new Event('click')) });
    }
    close() {}
  }
  vi.stubGlobal('Notification', FakeNotification);
});

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
  location.hash = '';
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

async function signedIn(hash = '', user = 'alice'): Promise<void> {
  location.hash = hash;
  render(<App />);
  fireEvent.change(screen.getByTestId('login-user'), { target: { value: user } });
  fireEvent.change(screen.getByTestId('login-password'), { target: { value: 'right' } });
  fireEvent.submit(screen.getByTestId('login-form'));
  await waitFor(() => expect(screen.getByTestId('connection-status').dataset.state).toBe('live'));
}

const names = (section: string) =>
  within(screen.getByTestId(`tasks-${section}`))
    .queryAllByTestId('task-card')
    .map((card) => card.dataset.taskId);

const given = (taskId: string) => task(taskId, { assignee: 'alice', by: 'bob' }, ['user:alice']);

test('a list that somebody is at says what is new, and shows it when they want', async () => {
  server.append(given('t1'));
  await signedIn();
  await waitFor(() => expect(names('mine')).toEqual(['t1']));
  act(() => screen.getByTestId('task-complete').focus());
  server.append(given('t2'), given('t3'));
  expect((await screen.findByTestId('new-tasks')).textContent).toContain('2 new');
  expect(names('mine')).toEqual(['t1']);
  server.append(task('t1', { state: 'completed', assignee: 'alice', by: 'bob' }, ['user:alice']));
  expect((await screen.findByTestId('task-ended')).textContent).toBe('done by bob');
  fireEvent.click(screen.getByTestId('new-tasks'));
  await waitFor(() => expect(names('mine')).toEqual(['t2', 't3']));
  expect(screen.queryByTestId('new-tasks')).toBeNull();
});

test('the address says what is looked for, and shows the same again', async () => {
  server.append(given('t1'), task('t2', {}, ['group:developers']));
  await signedIn('#/?show=available');
  await waitFor(() => expect(names('available')).toEqual(['t2']));
  expect(screen.queryByTestId('tasks-mine')).toBeNull();
  fireEvent.change(screen.getByTestId('task-search'), { target: { value: 'nothing like that' } });
  fireEvent.click(await screen.findByTestId('clear-filter'));
  await waitFor(() => expect([names('mine'), names('available')]).toEqual([['t1'], ['t2']]));
  expect(location.hash).toBe('#/');
});

test('a person is told of what they are given while they look elsewhere, and is led there', async () => {
  server.append(execution());
  await signedIn('#/workstreams');
  await screen.findByTestId('execution-link');
  server.append(given('t1'));
  expect((await screen.findByTestId('notices-count')).textContent).toBe('1');
  expect(document.title).toBe('(1) Workstreams · Workstream');
  fireEvent.click(screen.getByTestId('notices-open'));
  const link = screen.getByTestId('notice-link');
  expect(link.textContent).toContain('bob has given you a task');
  expect(link.getAttribute('href')).toBe('#/execution/e1?tab=tasks&task=t1');
  location.hash = link.getAttribute('href')!;
  await screen.findByTestId('execution');
  await waitFor(() => expect(screen.queryByTestId('notices-count')).toBeNull());
  expect(document.title).toBe('Delivery · Workstream');
});

test('the device is asked for its notifications by a click alone, and then tells each thing once', async () => {
  await signedIn('#/workstreams');
  server.append(given('t1'));
  await screen.findByTestId('notices-count');
  expect([asked, shown.length]).toEqual([0, 0]);
  fireEvent.click(screen.getByTestId('notices-open'));
  fireEvent.click(screen.getByTestId('notify'));
  await waitFor(() => expect((screen.getByTestId('notify') as HTMLInputElement).checked).toBe(true));
  server.append(given('t2'));
  await waitFor(() => expect(shown).toHaveLength(1));
  server.append(task('t2', { assignee: 'alice', by: 'bob', priority: 90 }, ['user:alice']));
  server.append(given('t3'));
  await waitFor(() => expect(shown).toHaveLength(2));
  expect([asked, shown.map(({ tag }) => tag)]).toEqual([1, ['task/t2', 'task/t3']]);
  shown[1]!.click();
  expect(location.hash).toBe('#/execution/e1?tab=tasks&task=t3');
});

test('a person reads in the language that they choose, and finds it again', async () => {
  server.append(given('t1'));
  await signedIn();
  fireEvent.click(screen.getByTestId('account-open'));
  fireEvent.change(screen.getByTestId('settings-language'), { target: { value: 'de' } });
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Meine Arbeit');
  expect(document.documentElement.lang).toBe('de');
  fireEvent.click(screen.getByTestId('theme-dark'));
  expect(document.documentElement.dataset.theme).toBe('dark');
  cleanup();
  render(<App />);
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Meine Arbeit');
  await waitFor(() => expect(screen.getByTestId('task-complete').textContent).toBe('Erledigen'));
});

test('a page that fails lets people go on elsewhere, and comes back when it can', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  server.append(execution());
  await signedIn('#/execution/e1');
  await screen.findByTestId('chat');
  // No server of ours sends such a row; a page must outlive it all the same.
  server.append(task('t1', { candidateGroups: null as never }));
  const broken = await screen.findByTestId('page-broken');
  expect(broken.textContent).toContain('Something went wrong');
  expect(screen.getByTestId('chat')).toBeTruthy();
  location.hash = '#/workstreams';
  await screen.findByTestId('execution-link');
  server.append(task('t1', { candidateGroups: [] }));
  location.hash = '#/execution/e1';
  await waitFor(() => expect(names('open')).toEqual(['t1']));
});

test('an address of no page says so, and leads back', async () => {
  await signedIn('#/somewhere');
  const page = await screen.findByTestId('no-such-page');
  expect(within(page).getByRole('link').getAttribute('href')).toBe('#/');
});
