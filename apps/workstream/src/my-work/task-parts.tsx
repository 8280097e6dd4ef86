import { type Row, TaskList, useFormats } from '@netbuild/realtime-react';
import { type ReactElement, type ReactNode, useCallback, useMemo } from 'react';
import { executionHref } from '../routing/route.ts';
import { type Item, PARTS, type Part } from './filter.ts';
import { useMyWorkWords } from './words.ts';

interface TaskPartsProps {
  items: readonly Item[];
  /** Which parts are named though they have nothing. */
  parts: readonly Part[];
  titles: ReadonlyMap<string, string>;
  /** Where a part has nothing. */
  renderEmpty: (part: Part) => ReactNode;
}

/** A person's tasks, part by part. What has moved on meanwhile says so in its place. */
export function TaskParts({ items, parts, titles, renderEmpty }: TaskPartsProps) {
  const words = useMyWorkWords();
  const { number } = useFormats();
  const rows = useMemo(() => {
    const found = new Map<Part, Row<'task'>[]>(PARTS.map((part) => [part, []]));
    for (const { row, part } of items) found.get(part)!.push(row);
    return found;
  }, [items]);
  const goneNames = items.flatMap(({ row, isGone }) => (isGone ? [row.subject] : [])).join(' ');
  const gone = useMemo(() => new Set(goneNames.split(' ')), [goneNames]);
  const renderActions = useCallback(
    (row: Row<'task'>, usual: ReactElement) => (gone.has(row.subject) ? <MovedOn /> : usual),
    [gone],
  );
  return (
    // One box around them all: where a list begins changes with what stands above it, and this is seen by its height.
    <div>
      {PARTS.filter((part) => rows.get(part)!.length > 0 || parts.includes(part)).map((part) => {
        const own = rows.get(part)!;
        const ended = own.filter(({ subject }) => gone.has(subject)).length;
        return (
          <section key={part} aria-label={words.parts[part]} data-testid={`tasks-${part}`}>
            <h2 className="part-head">
              {words.parts[part]} <span className="count">{number(own.length - ended)}</span>
            </h2>
            {own.length === 0 ? (
              renderEmpty(part)
            ) : (
              <TaskList
                label={words.parts[part]}
                rows={own}
                executionTitles={titles}
                executionHref={executionHref}
                renderHolder={renderHolder}
                renderActions={renderActions}
              />
            )}
          </section>
        );
      })}
    </div>
  );
}

const renderHolder = (row: Row<'task'>, usual: ReactElement) =>
  row.data.state === 'open' ? usual : <Ended row={row} />;

function Ended({ row: { data } }: { row: Row<'task'> }) {
  const words = useMyWorkWords();
  const isDone = data.state === 'completed';
  return (
    <span className={`nb-chip nb-chip--${isDone ? 'good' : 'bad'}`} data-testid="task-ended">
      {isDone ? words.doneBy(data.by) : words.cancelledBy(data.by)}
    </span>
  );
}

function MovedOn() {
  return <p className="quiet">{useMyWorkWords().movedOn}</p>;
}
