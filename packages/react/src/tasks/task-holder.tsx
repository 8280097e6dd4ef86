import type { Row } from '@netbuild/realtime-client';
import { useWords } from '../locale/locale.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Chip } from '../parts/chip.tsx';
import { TASK_WORDS } from './words.ts';

/** Who has a task, who may take it, or how it has ended. */
export function TaskHolder({ row, isMine }: { row: Row<'task'>; isMine: boolean }) {
  const words = useWords(TASK_WORDS);
  const { state, assignee, candidateGroups, candidateUsers } = row.data;
  if (state !== 'open')
    return <Chip tone={state === 'completed' ? 'good' : 'bad'}>{words.states[state]}</Chip>;
  if (assignee === undefined)
    return <Chip>{[...candidateGroups, ...candidateUsers].join(', ') || words.unassigned}</Chip>;
  return (
    <span className="nb-holder">
      <Avatar name={assignee} />
      {isMine ? words.you : assignee}
    </span>
  );
}
