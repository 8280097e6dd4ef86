import type { Room } from '@netbuild/realtime-protocol';
import { type Row, useView } from '@netbuild/realtime-react';
import { memo, useMemo } from 'react';
import { TaskSection } from './task-section.tsx';
import { useExecutionWords } from './words.ts';

interface TasksPaneProps {
  room: Room;
  rows: readonly Row<'task'>[];
  people: readonly string[];
  isKnown: boolean;
}

/** An execution's tasks: what is open, and below what is done. */
export const TasksPane = memo(function TasksPane({ room, rows, people, isKnown }: TasksPaneProps) {
  const words = useExecutionWords();
  const activities = useView('activities', { room, open: true }).data;
  // What runs without a person; a user task has a card of its own, and what contains others says nothing.
  const running = activities
    .filter(({ data }) => /^(?!user).*Task$|^callActivity$/.test(data.activityType ?? ''))
    .map(({ data }) => data.activityName ?? data.activityId);
  const open = useMemo(() => rows.filter(({ data }) => data.state === 'open'), [rows]);
  const done = useMemo(() => rows.filter(({ data }) => data.state !== 'open').toReversed(), [rows]);
  return (
    <>
      <TaskSection
        name="open"
        title={words.open}
        rows={open}
        people={people}
        isLoading={!isKnown && open.length === 0}
      >
        {running.length > 0 ? words.running(running.join(', ')) : words.noneOpen}
      </TaskSection>
      {done.length > 0 ? <TaskSection name="done" title={words.done} rows={done} isQuiet /> : null}
    </>
  );
});
