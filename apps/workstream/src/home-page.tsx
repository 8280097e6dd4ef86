import { Avatar, useExecutions, useTasks } from '@netbuild/realtime-react';
import { useMemo } from 'react';
import { executionHref } from './route.ts';
import type { Session } from './session.ts';
import { StartForm } from './start-form.tsx';
import { TaskSection } from './task-section.tsx';
import { usePageTitle } from './use-page-title.ts';

/** What is mine: tasks, workstreams, and the way to start another one. */
export function HomePage({ session }: { session: Session }) {
  const heading = usePageTitle('Home');
  const executions = useExecutions();
  const tasks = useTasks();
  const rooms = new Set<string>([
    `user:${session.userId}`,
    ...session.groups.map((group) => `group:${group}`),
  ]);
  const mine = tasks.data.filter(
    ({ data, rooms: shown }) => data.assignee === session.userId && shown.some((room) => rooms.has(room)),
  );
  const open = tasks.data.filter(
    ({ data, rooms: shown }) => data.assignee === undefined && shown.some((room) => rooms.has(room)),
  );
  const others = tasks.data.filter(
    ({ data, rooms: shown }) =>
      data.assignee !== undefined &&
      data.assignee !== session.userId &&
      shown.some((room) => rooms.has(room)),
  );
  const titles = useMemo(
    () => new Map(executions.data.map(({ data }) => [data.executionId, data.title])),
    [executions.data],
  );
  const isLoading = !tasks.isKnown;
  return (
    <div className="home">
      <div className="home-tasks">
        <h1 ref={heading} tabIndex={-1} className="page-title">
          Your work
        </h1>
        <TaskSection name="mine" title="Mine" rows={mine} titles={titles} isLoading={isLoading}>
          Nothing waits for you. Take something from below, or start a process.
        </TaskSection>
        <TaskSection name="available" title="Available" rows={open} titles={titles} isLoading={isLoading}>
          No unassigned tasks.
        </TaskSection>
        {others.length > 0 ? (
          <TaskSection name="others" title="With others" rows={others} titles={titles} isQuiet />
        ) : null}
      </div>
      <aside className="home-side">
        <StartForm />
        <section className="panel" aria-labelledby="workstreams">
          <h2 id="workstreams">Workstreams</h2>
          {executions.data.length === 0 ? (
            <p className="quiet">{isLoading ? 'Loading …' : 'You take part in none yet.'}</p>
          ) : (
            <ul className="streams" data-testid="executions">
              {executions.data.toReversed().map(({ data, seq }) => (
                <li key={data.executionId}>
                  <a
                    className="stream"
                    href={executionHref(data.executionId)}
                    data-testid="execution-link"
                    data-execution-id={data.executionId}
                    data-seq={seq}
                  >
                    <span className="stream-title">{data.title}</span>
                    <span className="avatars" title={data.participants.join(', ')}>
                      {data.participants.slice(0, 4).map((name) => (
                        <Avatar key={name} name={name} />
                      ))}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )}
        </section>
      </aside>
    </div>
  );
}
