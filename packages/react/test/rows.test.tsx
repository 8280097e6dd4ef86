// @vitest-environment happy-dom
import { cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import { memo, version } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXECUTION, message, task } from '../../client/test/helpers/happenings.ts';
import { startServer } from '../../client/test/helpers/scripted-server.ts';
import { type Row, useTasks, useView, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

/** The tasks that were rendered, and how often lists were. */
let rendered: string[];
let lists: number;

beforeEach(() => {
  rendered = [];
  lists = 0;
});

const TaskRow = memo(function TaskRow({ row }: { row: Row<'task'> }) {
  rendered.push(row.data.taskId);
  return <li>{`${row.data.taskName} ${row.data.assignee ?? ''}`}</li>;
});

function List({ rows, status }: { rows: readonly Row<'task'>[]; status: string }) {
  lists++;
  return (
    <>
      <p>{`${status} ${rows.length}`}</p>
      <ul>
        {rows.map((row) => (
          <TaskRow key={row.subject} row={row} />
        ))}
      </ul>
    </>
  );
}

function Tasks() {
  const { data, status } = useTasks({ room: EXECUTION });
  return <List rows={data} status={status} />;
}

function View() {
  const { data, status } = useView('tasks', { room: EXECUTION });
  return <List rows={data} status={status} />;
}

test('the pages of this run are of the React that is meant', () => {
  expect(version.split('.')[0]).toBe(process.env.REACT ?? '19');
});

test.each([
  ['useTasks', Tasks],
  ['useView', View],
])('with %s, a change of one row among a thousand renders that row and no other', async (_, Rows) => {
  const server = await startServer();
  server.append(...Array.from({ length: 1000 }, (_, n) => task(`t${n}`)));
  render(
    <WebSocketProvider url={server.url} token="alice">
      <Rows />
    </WebSocketProvider>,
  );
  await screen.findByText('live 1000');
  expect(new Set(rendered).size).toBe(1000);
  rendered = [];
  lists = 0;
  server.append(task('t500', { assignee: 'bob' }));
  await screen.findByText('Task t500 bob');
  expect({ rendered, lists }).toEqual({ rendered: ['t500'], lists: 1 });
  // What is no task renders nothing at all.
  server.append(message('m1', 'hello'), task('t1001'));
  await screen.findByText('live 1001');
  expect({ rendered, lists }).toEqual({ rendered: ['t500', 't1001'], lists: 2 });
  await waitFor(() => expect(server.handshakes).toHaveLength(1));
});
