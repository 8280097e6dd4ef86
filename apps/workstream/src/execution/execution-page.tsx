import { ReactiveWorkstreamChat, useView } from '@netbuild/realtime-react';
import { lazy, memo, type ReactNode, useDeferredValue } from 'react';
import { executionHref, type Query, replaceAddress } from '../routing/route.ts';
import { useSettings } from '../settings/settings-provider.tsx';
import { useMedia } from '../shell/use-media.ts';
import { ExecutionHeader } from './execution-header.tsx';
import { NotHere } from './not-here.tsx';
import { Pane } from './pane.tsx';
import { PaneTabs } from './pane-tabs.tsx';
import { arrange, type Pane as PaneName, readPane } from './panes.ts';
import { ReadMark } from './read-mark.tsx';
import { TasksPane } from './tasks-pane.tsx';
import { useActivity } from './use-activity.ts';
import { useShownTask } from './use-shown-task.ts';
import { useExecutionWords } from './words.ts';

const DiagramPane = lazy(() => import('./diagram-pane.tsx'));
const ActivityPane = lazy(() => import('./activity-pane.tsx'));

/** What changes beside the chat is nothing to it. */
const Chat = memo(ReactiveWorkstreamChat);

const NOBODY: readonly string[] = [];

interface ExecutionPageProps {
  executionId: string;
  query: Query;
}

/** An execution: its conversation, and beside it its tasks, its diagram, and what programs do in it. */
export function ExecutionPage({ executionId, query }: ExecutionPageProps) {
  const words = useExecutionWords();
  const { settings, change } = useSettings();
  const room = `execution:${executionId}` as const;
  const executions = useView('executions', { room, id: executionId });
  const processes = useView('processes', { room }).data;
  // A burst is taken in when there is time for it: whoever types meanwhile is answered first.
  // What is shown has the status of its own time with it.
  const { data: tasks, status, isKnown } = useDeferredValue(useView('tasks', { room }));
  const activity = useDeferredValue(useActivity(room));
  const isWide = useMedia('(min-width: 75rem)');
  const isMedium = useMedia('(min-width: 48rem)');
  const { tabs, shown } = arrange(isWide ? 'wide' : isMedium ? 'medium' : 'narrow', readPane(query.tab));
  const execution = executions.data[0]?.data;
  // Whoever may see every room sees those too in which there is nothing.
  const isNowhere = executions.status === 'refused' || (executions.isKnown && !execution);
  useShownTask(
    query.task,
    tasks.some(({ data }) => data.taskId === query.task),
  );
  if (isNowhere) return <NotHere room={room} />;

  const people = execution?.participants ?? NOBODY;
  // With room for everything, what there is nothing of takes none.
  const isThere: Record<PaneName, boolean> = {
    tasks: true,
    chat: true,
    diagram: !isWide || (processes.length > 0 && settings.diagram),
    activity: !isWide || activity.count > 0,
  };
  const pane = (name: PaneName, content: ReactNode) =>
    isThere[name] ? (
      <Pane name={name} isShown={shown.includes(name)} isTab={tabs.includes(name)} label={words.panes[name]}>
        {content}
      </Pane>
    ) : null;
  return (
    <div className="execution" data-testid="execution" data-execution-id={executionId} data-status={status}>
      <ReadMark executionId={executionId} isShown={shown.includes('chat')} />
      <ExecutionHeader
        title={execution?.title}
        people={people}
        processes={processes}
        incidents={activity.incidents}
      >
        {isWide && processes.length > 0 ? (
          <button
            type="button"
            className="nb-button nb-button--quiet"
            aria-expanded={settings.diagram}
            data-testid="toggle-diagram"
            onClick={() => change({ diagram: !settings.diagram })}
          >
            {settings.diagram ? words.hideDiagram : words.showDiagram}
          </button>
        ) : null}
      </ExecutionHeader>
      {tabs.length > 0 ? (
        <PaneTabs
          tabs={tabs}
          chosen={tabs.find((tab) => shown.includes(tab))!}
          counts={{
            tasks: tasks.filter(({ data }) => data.state === 'open').length,
            activity: activity.count,
          }}
          onChoose={(tab) => replaceAddress(executionHref(executionId, { tab }))}
        />
      ) : null}
      {pane('diagram', <DiagramPane processes={processes} />)}
      {pane('tasks', <TasksPane room={room} rows={tasks} people={people} isKnown={isKnown} />)}
      {pane(
        'chat',
        <Chat executionId={executionId} processInstanceId={processes[0]?.data.processInstanceId} />,
      )}
      {pane('activity', <ActivityPane {...activity} />)}
    </div>
  );
}
