import { type Row, TaskCard } from '@netbuild/realtime-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactElement, type ReactNode, type RefObject } from 'react';
import { keptScroll } from '../routing/entries.ts';
import { executionHref } from '../routing/route.ts';
import { type Item, PARTS, type Part } from './filter.ts';
import { useMyWorkWords } from './words.ts';

interface TaskPartsProps {
  items: readonly Item[];
  /** Which parts are named though they have nothing, and what stands there then. */
  parts: readonly Part[];
  titles: ReadonlyMap<string, string>;
  /** What scrolls, and the name by which it is kept how far. */
  name: string;
  box: RefObject<HTMLElement | null>;
  /** Where a part has nothing. */
  renderEmpty: (part: Part) => ReactNode;
}

/** Shorter lists are rendered whole: they can be searched by the browser, and cost nothing. */
const LONG = 60;

/** Pixels, before they are measured. */
const CARD = 132;
const HEAD = 44;

type Entry = { part: Part; item?: Item };

/** A person's tasks, part by part; of a long list what is in sight. */
export function TaskParts({ items, parts, titles, name, box, renderEmpty }: TaskPartsProps) {
  const words = useMyWorkWords();
  const entries = PARTS.flatMap((part): Entry[] => {
    const own = items.filter((item) => item.part === part);
    return own.length > 0 || parts.includes(part) ? [{ part }, ...own.map((item) => ({ part, item }))] : [];
  });
  const isLong = entries.length > LONG;
  const virtual = useVirtualizer({
    count: entries.length,
    enabled: isLong,
    getScrollElement: () => box.current,
    estimateSize: (at) => (entries[at]?.item ? CARD : HEAD),
    getItemKey: (at) => entries[at]?.item?.row.subject ?? entries[at]?.part ?? at,
    overscan: 6,
    // It would begin at the top by itself.
    initialOffset: () => keptScroll(name),
  });
  const inSight = isLong ? virtual.getVirtualItems() : [];
  const from = isLong ? (inSight[0]?.index ?? 0) : 0;
  const to = isLong ? (inSight.at(-1)?.index ?? -1) : entries.length - 1;
  const below = isLong ? virtual.getTotalSize() - (inSight.at(-1)?.end ?? 0) : 0;
  const shown = entries.slice(from, to + 1).map((entry, at) => ({ ...entry, at: from + at }));
  return (
    <>
      {isLong ? <div style={{ height: inSight[0]?.start ?? 0 }} /> : null}
      {PARTS.filter((part) => entries.some((entry) => entry.part === part)).map((part) => {
        const own = items.filter((item) => item.part === part);
        const first = entries.findIndex((entry) => entry.part === part);
        const count = own.filter(({ isGone }) => !isGone).length;
        return (
          <section key={part} className="part" aria-label={words.parts[part]} data-testid={`tasks-${part}`}>
            {shown.some(({ item, part: other }) => other === part && !item) ? (
              <h2 className="part-head" data-index={first} ref={isLong ? virtual.measureElement : null}>
                {words.parts[part]} <span className="count">{count}</span>
              </h2>
            ) : null}
            {own.length === 0 ? (
              renderEmpty(part)
            ) : (
              <ul>
                {shown.map(({ item, part: other, at }) =>
                  item && other === part ? (
                    <li
                      key={item.row.subject}
                      className={`part-item ${item.isGone ? 'part-item--gone' : ''}`}
                      data-index={at}
                      ref={isLong ? virtual.measureElement : null}
                      aria-setsize={isLong ? own.length : undefined}
                      aria-posinset={isLong ? at - first : undefined}
                    >
                      <PartItem
                        item={item}
                        title={
                          item.row.data.executionId === undefined
                            ? undefined
                            : titles.get(item.row.data.executionId)
                        }
                      />
                    </li>
                  ) : null,
                )}
              </ul>
            )}
          </section>
        );
      })}
      {isLong ? <div style={{ height: Math.max(0, below) }} /> : null}
    </>
  );
}

/** One card; what has moved on meanwhile says so in its place. */
const PartItem = memo(function PartItem({ item, title }: { item: Item; title: string | undefined }) {
  const { row, isGone } = item;
  const { executionId } = row.data;
  return (
    <TaskCard
      row={row}
      executionTitle={title}
      executionHref={executionId === undefined ? undefined : executionHref(executionId)}
      renderHolder={renderHolder}
      {...(isGone ? { renderActions: renderGone } : {})}
    />
  );
});

const renderHolder = (row: Row<'task'>, usual: ReactElement) =>
  row.data.state === 'open' ? usual : <Ended row={row} />;

const renderGone = (row: Row<'task'>) => (row.data.state === 'open' ? <MovedOn /> : null);

function Ended({ row: { data } }: { row: Row<'task'> }) {
  const words = useMyWorkWords();
  const said = data.state === 'cancelled' ? words.cancelledBy(data.by) : words.doneBy(data.by);
  return (
    <span className={`nb-chip nb-chip--${data.state}`} data-testid="task-ended">
      {said}
    </span>
  );
}

function MovedOn() {
  return <p className="quiet">{useMyWorkWords().movedOn}</p>;
}
