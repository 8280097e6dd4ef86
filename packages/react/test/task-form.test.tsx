// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EXECUTION, task } from '../../client/test/helpers/happenings.ts';
import { type ScriptedServer, startServer } from '../../client/test/helpers/scripted-server.ts';
import {
  type Language,
  LocaleProvider,
  TaskForm,
  TaskList,
  useView,
  WebSocketProvider,
} from '../src/index.ts';

const FORM = {
  form: { key: 'check', version: 'v1', kind: 'form-js' },
  schema: {
    type: 'default',
    components: [
      { type: 'textarea', key: 'note', label: 'Note', validate: { required: true } },
      { type: 'number', key: 'amount', label: 'Amount' },
      { type: 'checklist', key: 'tags', label: 'Tags', valuesKey: 'allTags' },
      { type: 'checkbox', key: 'isLate', label: 'Late' },
      { type: 'textfield', key: 'why', label: 'Why', conditional: { hide: '=not(isLate)' } },
      { type: 'textfield', key: 'order', label: 'Order', readonly: true },
    ],
  },
  data: { note: '', amount: null, tags: [], isLate: false, why: '', order: 'o-1', allTags: ['x', 'y'] },
};

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

let server: ScriptedServer;
let answer: () => Response;

beforeEach(async () => {
  server = await startServer();
  server.ownRooms = (userId) => [`user:${userId}`];
  answer = () => Response.json(FORM);
  vi.stubGlobal('fetch', async () => answer());
  server.append(task('t1', { assignee: 'alice' }, ['user:alice', EXECUTION]));
});

afterEach(() => {
  cleanup();
  sessionStorage.clear();
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
const refusal = (code: string, more: object = {}) =>
  (() => ({ success: false, error: { code, message: '', retryable: false, ...more } })) as never;
/** As somebody types: in the field itself, which they leave for the next one. */
const type = (label: RegExp, value: string) => {
  const field = screen.getByLabelText(label);
  field.focus();
  fireEvent.input(field, { target: { value } });
};

function Tasks() {
  return <TaskList label="Tasks" rows={useView('tasks', { room: EXECUTION }).data} />;
}

/** The page of somebody who has not opened anything yet. */
async function visited(language: Language = 'en', me = 'alice'): Promise<void> {
  render(
    <StrictMode>
      <WebSocketProvider url={server.url} token={me}>
        <LocaleProvider language={language}>
          <Tasks />
        </LocaleProvider>
      </WebSocketProvider>
    </StrictMode>,
  );
  await screen.findByTestId('task-card');
}

async function opened(): Promise<void> {
  fireEvent.click(await screen.findByTestId('task-complete'));
  await waitFor(() => expect(screen.getByTestId('task-form').dataset.state).toBe('open'));
}

test('a task without a form is completed at once', async () => {
  answer = () =>
    Response.json({ error: { code: 'not_found', message: '', retryable: false } }, { status: 404 });
  server.handle = done as never;
  await visited();
  fireEvent.click(await screen.findByTestId('task-complete'));
  await waitFor(() => expect(server.commands[0]).toMatchObject({ name: 'task:complete' }));
});

test('a form that can not be had says why, and nothing is completed', async () => {
  answer = () =>
    Response.json({ error: { code: 'form_unsupported', message: '', retryable: false } }, { status: 422 });
  await visited();
  fireEvent.click(await screen.findByTestId('task-complete'));
  expect((await screen.findByTestId('task-error')).textContent).toBe('This form can not be filled in here.');
  expect(server.commands).toEqual([]);
});

test('a form is filled in: what a condition hides appears when it may, and each value goes by its kind', async () => {
  server.handle = done as never;
  await visited();
  await opened();
  expect(screen.queryByLabelText('Why')).toBeNull();
  type(/Note/, 'fine');
  type(/Amount/, '1.5');
  // Several choices are one field, and are told together.
  expect(screen.getByRole('group', { name: 'Tags' })).toBeTruthy();
  fireEvent.click(screen.getByLabelText('x'));
  fireEvent.click(screen.getByLabelText('Late'));
  await screen.findByLabelText('Why');
  type(/^Why$/, 'ice');
  expect((screen.getByLabelText('Order') as HTMLInputElement).readOnly).toBe(true);
  fireEvent.click(screen.getByTestId('form-submit'));
  await waitFor(() =>
    expect(server.commands[0]).toMatchObject({
      name: 'form:submit',
      input: {
        taskId: 't1',
        form: FORM.form,
        data: { note: 'fine', amount: 1.5, tags: ['x'], isLate: true, why: 'ice' },
      },
    }),
  );
  await waitFor(() => expect(sessionStorage.length).toBe(0));
});

test('what a form itself finds at fault is not sent, and is told in the language of who fills it in', async () => {
  await visited('de');
  await opened();
  fireEvent.click(screen.getByTestId('form-submit'));
  expect((await screen.findByTestId('form-fault-note')).textContent).toBe('Bitte ausfüllen.');
  expect(screen.getByTestId('form-faults').textContent).toBe('Ein Feld braucht Ihre Aufmerksamkeit.');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(/Note/)));
  expect(server.commands).toEqual([]);
});

test('what the server finds at fault stands at its field, and what was typed stays, also over a page that is opened anew', async () => {
  const faults = [
    { field: 'data.amount', message: 'Field must have minimum value of 1.' },
    { field: 'data.secret', message: 'There is no such field.' },
  ];
  server.handle = refusal('invalid', { field: 'data.amount', faults });
  await visited();
  await opened();
  type(/Note/, 'fine');
  type(/Amount/, '0');
  fireEvent.click(screen.getByTestId('form-submit'));
  expect((await screen.findByTestId('form-fault-amount')).textContent).toBe(
    'Field must have minimum value of 1.',
  );
  const amount = screen.getByLabelText(/Amount/);
  expect(amount.getAttribute('aria-describedby')).toContain(screen.getByTestId('form-fault-amount').id);
  await waitFor(() => expect(document.activeElement).toBe(amount));
  // What stands at no field of the form is told below it.
  expect(screen.getByTestId('form-error').textContent).toContain('There is no such field.');
  cleanup();
  await visited();
  await opened();
  expect((screen.getByLabelText(/Amount/) as HTMLInputElement).value).toBe('0');
  cleanup();
  // Somebody else at the same device sees nothing of it.
  server.append(task('t1', { assignee: 'bob' }, [EXECUTION]));
  await visited('en', 'bob');
  await opened();
  expect((screen.getByLabelText(/Amount/) as HTMLInputElement).value).toBe('');
});

test('another version of the form keeps what was filled in, and says that it is another one', async () => {
  await visited();
  await opened();
  type(/Note/, 'my long text');
  server.handle = refusal('form_changed');
  fireEvent.click(screen.getByTestId('form-submit'));
  expect((await screen.findByTestId('form-error')).textContent).toContain('has changed meanwhile');
  answer = () => Response.json({ ...FORM, form: { ...FORM.form, version: 'v2' } });
  fireEvent.click(screen.getByText('Open the new form'));
  expect(await screen.findByText(/Please look it over/)).toBeTruthy();
  await waitFor(() =>
    expect((screen.getByLabelText(/Note/) as HTMLTextAreaElement).value).toBe('my long text'),
  );
});

test('when somebody else completes it, it says who was faster, and what was typed can be copied, to the last letter', async () => {
  const copied = vi.fn(async (_text: string) => {});
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: copied }, configurable: true });
  await visited();
  await opened();
  // Its field has not been left, and the form is drawn anew meanwhile.
  type(/Note/, 'my long text');
  fireEvent.click(screen.getByLabelText('Late'));
  await screen.findByLabelText('Why');
  server.append(task('t1', { assignee: 'alice', state: 'completed', by: 'bob' }, [EXECUTION]));
  const kept = await screen.findByTestId('form-draft');
  expect(kept.textContent).toContain('bob was faster: this task is done.');
  expect(kept.textContent).toContain('my long text');
  fireEvent.click(screen.getByTestId('form-draft-copy'));
  await waitFor(() => expect(copied.mock.calls[0]![0]).toContain('Note: my long text'));
  fireEvent.click(screen.getByTestId('form-draft-forget'));
  expect(screen.queryByTestId('form-draft')).toBeNull();
  expect(sessionStorage.length).toBe(0);
});

test('who submits too late hears who was faster', async () => {
  server.handle = refusal('task_closed');
  await visited();
  await opened();
  type(/Note/, 'my long text');
  fireEvent.click(screen.getByTestId('form-submit'));
  expect((await screen.findByTestId('form-error')).textContent).toBe('This task is already done.');
});

test('a form alone is asked for by its task, and says when there is none', async () => {
  answer = () =>
    Response.json({ error: { code: 'not_found', message: '', retryable: false } }, { status: 404 });
  render(
    <WebSocketProvider url={server.url} token="alice">
      <TaskForm taskId="t1" />
    </WebSocketProvider>,
  );
  expect(await screen.findByText('This task has no form.')).toBeTruthy();
});
