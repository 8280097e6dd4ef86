import { ReactiveWorkstreamChat, useView } from '@netbuild/realtime-react';
import type { ReactNode } from 'react';
import type { Session } from '../login/session.ts';
import { executionHref, type Query, replaceAddress } from '../routing/route.ts';
import { useMedia } from '../shell/use-media.ts';
import { ExecutionHeader } from './execution-header.tsx';
import { NotHere } from './not-here.tsx';
import { PaneTabs } from './pane-tabs.tsx';
import { arrange, type Pane, readPane } from './panes.ts';
import { TaskSection } from './task-section.tsx';
import { useMarkRead } from './use-mark-read.ts';
import { useShownTask } from './use-shown-task.ts';
import { useExecutionWords } from './words.ts';

interface ExecutionPageProps {
  executionId: string;
  query: Query;
  session: Session;
}

/** An execution: its conversation, and beside it its tasks, its diagram, and what programs do in it. */
export function ExecutionPage({ executionId, query }: ExecutionPageProps) {
  const words = useExecutionWords();
  const room = `execution:${executionId}` as const;
  const executions = useView('executions', { room, id: executionId });
  const processes = useView('processes', { room });
  const incidents = useView('incidents', { room, open: true });
  const tasks = useView('tasks', { room });
  const activities = useView('activities', { room, open: true });
  const isWide = useMedia('(min-width: 75rem)');
  const isMedium = useMedia('(min-width: 48rem)');
  const chosen = readPane(query.tab);
  const { tabs, shown } = arrange(isWide ? 'wide' : isMedium ? 'medium' : 'narrow', chosen);
  useMarkRead(executionId, shown.includes('chat') && executions.status !== 'refused');
  useShownTask(
    query.task,
    tasks.data.some(({ data }) => data.taskId === query.task),
  );

  const execution = executions.data[0]?.data;
  // What runs without a person; a user task has a card of its own, and what contains others says nothing.
  const running = activities.data
    .filter(({ data }) => /^(?!user).*Task$|^callActivity$/.test(data.activityType ?? ''))
    .map(({ data }) => data.activityName ?? data.activityId);
  if (executions.status === 'refused') return <NotHere room={room} />;
  const open = tasks.data.filter(({ data }) => data.state === 'open');
  const done = tasks.data.filter(({ data }) => data.state !== 'open').toReversed();
  const people = execution?.participants ?? [];
  const pane = (name: Pane, content: ReactNode) => (
    <Panel name={name} isShown={shown.includes(name)} isTab={tabs.includes(name)} label={words.panes[name]}>
      {content}
    </Panel>
  );
  return (
    <div
      className="execution"
      data-testid="execution"
      data-execution-id={executionId}
      data-status={executions.status}
      data-tabs={tabs.length}
    >
      <ExecutionHeader
        title={execution?.title}
        people={people}
        processes={processes.data}
        incidents={incidents.data}
      />
      {tabs.length > 0 ? (
        <PaneTabs
          tabs={tabs}
          chosen={tabs.find((tab) => shown.includes(tab))!}
          counts={{ tasks: open.length }}
          onChoose={(tab) => replaceAddress(executionHref(executionId, { tab }))}
        />
      ) : null}
      {pane(
        'tasks',
        <>
          <TaskSection
            name="open"
            title={words.open}
            rows={open}
            people={people}
            isLoading={!executions.isKnown && open.length === 0}
          >
            {running.length > 0 ? words.running(running.join(', ')) : words.noneOpen}
          </TaskSection>
          {done.length > 0 ? <TaskSection name="done" title={words.done} rows={done} isQuiet /> : null}
        </>,
      )}
      {pane(
        'chat',
        <ReactiveWorkstreamChat
          executionId={executionId}
          processInstanceId={processes.data[0]?.data.processInstanceId}
        />,
      )}
    </div>
  );
}

interface PanelProps {
  name: Pane;
  label: string;
  isShown: boolean;
  isTab: boolean;
  children: ReactNode;
}

/** A part of the page. One that is out of sight stays as it is: what is written in it, and how far it is scrolled. */
function Panel({ name, label, isShown, isTab, children }: PanelProps) {
  return (
    <section
      id={`pane-${name}`}
      className={`pane pane--${name}`}
      data-shown={isShown}
      {...(isTab ? { role: 'tabpanel', 'aria-labelledby': `tab-${name}` } : { 'aria-label': label })}
    >
      {children}
    </section>
  );
}
