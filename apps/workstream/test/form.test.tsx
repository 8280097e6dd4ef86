// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EXECUTION, execution, task } from '../../../packages/client/test/helpers/happenings.ts';
import { type ScriptedServer, startServer } from '../../../packages/client/test/helpers/scripted-server.ts';
import { App } from '../src/app.tsx';

const FORM = {
  form: { key: 'check', version: 'v1', kind: 'form-js' },
  schema: {
    components: [
      { type: 'textarea', key: 'note', label: 'Note', validate: { required: true } },
      { type: 'number', key: 'amount', label: 'Amount' },
      { type: 'checklist', key: 'tags', label: 'Tags', valuesKey: 'allTags' },
      { type: 'checkbox', key: 'isLate', label: 'Late' },
      {
        type: 'select',
        key: 'why',
        label: 'Why',
        values: [{ label: 'Ice', value: 'ice' }],
        conditional: { hide: '=not(isLate)' },
      },
      { type: 'textfield', key: 'order', label: 'Order', readonly: true },
    ],
  },
  data: { note: '', amount: null, tags: [], isLate: false, why: null, order: 'o-1', allTags: ['x', 'y'] },
};

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

let server: ScriptedServer;
let answer: () => Response;

beforeEach(async () => {
  server = await startServer();
  server.ownRooms = (userId) => [`user:${userId}`];
  answer = () => Response.json(FORM);
  vi.stubEnv('NEXT_PUBLIC_WS_URL', server.url);
  vi.stubGlobal('fetch', async (url: string | URL) =>
    String(url).includes('/v1/tasks/')
      ? answer()
      : Response.json({ token: 'alice', userId: 'alice', groups: [], expiresIn: 60 }),
  );
  server.append(execution('e1'), task('t1', { assignee: 'alice' }, ['user:alice', EXECUTION]));
  render(<App />);
  fireEvent.change(screen.getByTestId('login-user'), { target: { value: 'alice' } });
  fireEvent.change(screen.getByTestId('login-password'), { target: { value: 'right' } });
  fireEvent.submit(screen.getByTestId('login-form'));
  await screen.findByTestId('task-complete');
});

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const done = (input: Record<string, unknown>) =>
  ({
    success: true,
    commandId: String(input.commandId),
    epoch: 'life1',
    seq: server.seq,
    result: {},
  }) as never;
const type = (label: RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

async function opened(): Promise<void> {
  fireEvent.click(screen.getByTestId('task-complete'));
  await screen.findByTestId('task-form');
}

test('a task without a form is completed at once', async () => {
  answer = () =>
    Response.json({ error: { code: 'not_found', message: '', retryable: false } }, { status: 404 });
  server.handle = done as never;
  fireEvent.click(screen.getByTestId('task-complete'));
  await waitFor(() => expect(server.commands[0]).toMatchObject({ name: 'task:complete' }));
});

test('a form that can not be had says why, and nothing is completed', async () => {
  answer = () =>
    Response.json({ error: { code: 'form_unsupported', message: '', retryable: false } }, { status: 422 });
  fireEvent.click(screen.getByTestId('task-complete'));
  expect((await screen.findByTestId('task-error')).textContent).toBe('This form can not be filled in here.');
  expect(server.commands).toEqual([]);
});

test('a form is filled in: what a condition hides appears when it may, and each value goes by its kind', async () => {
  server.handle = done as never;
  await opened();
  expect(screen.queryByLabelText('Why')).toBeNull();
  type(/Note/, 'fine');
  type(/Amount/, '1.5');
  fireEvent.click(screen.getByLabelText('y'));
  fireEvent.click(screen.getByLabelText('x'));
  fireEvent.click(screen.getByLabelText('Late'));
  fireEvent.change(await screen.findByLabelText('Why'), { target: { value: '0' } });
  expect((screen.getByLabelText('Order') as HTMLInputElement).disabled).toBe(true);
  fireEvent.submit(screen.getByTestId('task-form'));
  await waitFor(() =>
    expect(server.commands[0]).toMatchObject({
      name: 'form:submit',
      input: {
        taskId: 't1',
        form: FORM.form,
        data: { note: 'fine', amount: 1.5, tags: ['x', 'y'], isLate: true, why: 'ice' },
      },
    }),
  );
});

test('what is at fault stands at its field, and what was typed stays, also over a page that is opened anew', async () => {
  const faults = [
    { field: 'data.note', message: 'Field is required.' },
    { field: 'data.amount', message: 'Field must have minimum value of 1.' },
  ];
  server.handle = () => ({
    success: false,
    error: { code: 'invalid', message: '', retryable: false, field: 'data.note', faults },
  });
  await opened();
  type(/Amount/, '0');
  fireEvent.submit(screen.getByTestId('task-form'));
  expect((await screen.findByTestId('form-fault-note')).textContent).toBe('Field is required.');
  expect(screen.getByTestId('form-fault-amount').textContent).toContain('minimum');
  const note = screen.getByLabelText(/Note/);
  expect(note.getAttribute('aria-describedby')).toBe(screen.getByTestId('form-fault-note').id);
  expect(document.activeElement).toBe(note);
  cleanup();
  render(<App />);
  await screen.findByTestId('task-complete');
  await opened();
  expect((screen.getByLabelText(/Amount/) as HTMLInputElement).value).toBe('0');
});

test('who is too late hears it, and sees what was typed beside the task that has ended', async () => {
  server.handle = () => ({ success: false, error: { code: 'task_closed', message: '', retryable: false } });
  location.hash = `#/execution/e1`;
  await waitFor(() => expect(screen.getByTestId('execution')).toBeTruthy());
  await opened();
  type(/Note/, 'my long text');
  fireEvent.submit(screen.getByTestId('task-form'));
  expect((await screen.findByTestId('form-error')).textContent).toBe('This task is already done.');
  server.append(task('t1', { assignee: 'alice', state: 'completed' }, [EXECUTION]));
  expect((await screen.findByTestId('form-draft')).textContent).toContain('my long text');
  location.hash = '';
});
