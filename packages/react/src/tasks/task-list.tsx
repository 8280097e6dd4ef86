import type { Row } from '@netbuild/realtime-client';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type RenderPart, usualPart } from '../parts/card.tsx';
import { TaskCard, type TaskCardOptions } from './task-card.tsx';
import { useWindow } from './use-window.ts';

/** Which tasks a list shows, and how. */
export interface TaskListProps extends Pick<TaskCardOptions, 'people' | 'renderActions' | 'renderHolder'> {
  /** The tasks, in the order in which they are shown. */
  rows: readonly Row<'task'>[];
  /** What the list is called, for who does not see it. */
  label: string;
  /** Names of executions by id. */
  executionTitles?: ReadonlyMap<string, string> | undefined;
  /** The address of an execution; without it no card says where it belongs. */
  executionHref?: ((executionId: string) => string) | undefined;
  /** It stands back: what others have, what is done. */
  isQuiet?: boolean | undefined;
  /** In the place of a task's card. */
  renderTask?: RenderPart<Row<'task'>> | undefined;
}

/** What takes arrows for itself. */
const OWN_KEYS = 'input, textarea, select, [role=combobox], [role=listbox], .nb-form';

/**
 * A list of tasks, each as a card. It may have thousands: a long one draws what is in view, in whatever scrolls
 * around it. Arrows, Home and End go from card to card, Tab to the buttons of one.
 *
 * @example <TaskList label="Mine" rows={rows} executionHref={(id) => `#/execution/${id}`} executionTitles={titles} />
 * @example <TaskList label="Mine" rows={rows} renderTask={(row, usual) => (row.data.priority === 100 ? <Alarm>{usual}</Alarm> : usual)} />
 */
export function TaskList({
  rows,
  label,
  executionTitles,
  executionHref,
  isQuiet = false,
  renderTask = usualPart,
  ...options
}: TaskListProps) {
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState<string>();
  const goal = useRef<string>(undefined);
  const focused = Math.max(
    0,
    rows.findIndex(({ subject }) => subject === current),
  );
  const { items, style, measure, show } = useWindow(
    list,
    rows.length,
    (index) => rows[index]!.subject,
    focused,
  );

  useEffect(() => {
    if (goal.current === undefined) return;
    const item = [...list.current!.children].find(
      (child) => (child as HTMLElement).dataset.subject === goal.current,
    );
    if (!(item instanceof HTMLElement)) return;
    goal.current = undefined;
    item.focus({ preventScroll: style !== undefined });
  });

  const press = (event: KeyboardEvent<HTMLUListElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length }[event.key];
    const target = event.target as HTMLElement;
    if (step === undefined || target.closest(OWN_KEYS)) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, focused + step));
    goal.current = rows[next]!.subject;
    setCurrent(goal.current);
    show(next);
  };

  return (
    <ul
      ref={list}
      className={`nb-cards ${isQuiet ? 'nb-cards--quiet' : ''}`}
      // biome-ignore lint/a11y/noRedundantRoles: without its bullets Safari takes it for none.
      role="list"
      aria-label={label}
      data-is-long={style !== undefined}
      style={style}
      onKeyDown={press}
    >
      {items.map(({ index, style: place }) => {
        const row = rows[index]!;
        const { executionId } = row.data;
        return (
          <li
            key={row.subject}
            ref={measure}
            data-index={index}
            data-subject={row.subject}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            tabIndex={index === focused ? 0 : -1}
            style={place}
            onFocus={() => setCurrent(row.subject)}
          >
            {renderTask(
              row,
              <TaskCard
                row={row}
                {...options}
                executionTitle={executionId === undefined ? undefined : executionTitles?.get(executionId)}
                executionHref={executionId === undefined ? undefined : executionHref?.(executionId)}
              />,
            )}
          </li>
        );
      })}
    </ul>
  );
}
