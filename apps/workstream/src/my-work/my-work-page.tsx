import { useExecutions, useView } from '@netbuild/realtime-react';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef } from 'react';
import type { Session } from '../login/session.ts';
import { myWorkHref, type Query, replaceAddress } from '../routing/route.ts';
import { useKeptScroll } from '../routing/use-kept-scroll.ts';
import { ListSkeleton } from '../shell/skeleton.tsx';
import { useNow } from '../shell/use-now.ts';
import { usePageTitle } from '../shell/use-page-title.ts';
import { WorkstreamsPanel } from '../workstreams/workstreams-panel.tsx';
import {
  countsOf,
  type Filter,
  filtered,
  isOverdue,
  itemsOf,
  type Part,
  queryOf,
  readFilter,
} from './filter.ts';
import { TaskParts } from './task-parts.tsx';
import { TaskToolbar } from './task-toolbar.tsx';
import { useHeld } from './use-held.ts';
import { useSteady } from './use-steady.ts';
import { useMyWorkWords } from './words.ts';

/** By which it is kept how far the list is scrolled. */
const LIST = 'tasks';

/** The tasks that a person has or may take, and beside them their workstreams. */
export function MyWorkPage({ query, session }: { query: Query; session: Session }) {
  const words = useMyWorkWords();
  const heading = usePageTitle(words.title);
  const { data: rows, status } = useView('tasks');
  const executions = useExecutions().data;
  const titles = useMemo(
    () => new Map(executions.map(({ data }) => [data.executionId, data.title])),
    [executions],
  );
  const now = useNow(30_000);
  const filter = useMemo(() => readFilter(query), [query]);
  const change = useCallback(
    (part: Partial<Filter>) => replaceAddress(myWorkHref(queryOf({ ...filter, ...part }))),
    [filter],
  );

  // A burst is taken in when there is time for it: whoever types or presses meanwhile is answered first.
  const taken = useDeferredValue(rows);
  const items = useMemo(() => itemsOf(taken, session), [taken, session]);
  const counts = useMemo(() => countsOf(items), [items]);
  const overdue = useMemo(() => items.filter(({ row }) => isOverdue(row, now)).length, [items, now]);
  const wanted = useDeferredValue(filter);
  const next = useMemo(() => filtered(items, wanted, titles, now), [items, wanted, titles, now]);

  const box = useKeptScroll<HTMLDivElement>(LIST);
  const isHeld = useHeld(box);
  const bySubject = useRef<{ of: typeof taken; map: Map<string, (typeof taken)[number]> }>(undefined);
  const newest = (subject: string) => {
    if (bySubject.current?.of !== taken)
      bySubject.current = { of: taken, map: new Map(taken.map((row) => [row.subject, row])) };
    return bySubject.current.map.get(subject);
  };
  const list = JSON.stringify(queryOf(wanted));
  const {
    items: shown,
    waiting,
    showNew,
  } = useSteady({ next, isHeld, me: session.userId, newest, of: list });
  // Another list begins at its top; the one that is come back to stays where it was.
  const listed = useRef(list);
  useEffect(() => {
    if (listed.current !== list) box.current?.scrollTo({ top: 0 });
    listed.current = list;
  }, [list, box]);
  const show = () => {
    showNew();
    box.current?.scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  };

  const isFiltered = filter.search.trim() !== '' || filter.overdueOnly;
  const isKnown = status !== 'loading' && status !== 'connecting';
  const parts: readonly Part[] = isFiltered ? [] : filter.part ? [filter.part] : ['mine', 'available'];
  return (
    <div className="work">
      <div className="work-tasks">
        <h1 ref={heading} tabIndex={-1} className="page-title">
          {words.title}
        </h1>
        <TaskToolbar filter={filter} counts={counts} overdue={overdue} onChange={change} />
        <div className="work-list" ref={box} data-testid="task-list">
          {/* Over the list and not in it: nothing moves when it comes. */}
          <div className="fresh" role="status">
            {waiting > 0 ? (
              <button
                type="button"
                className="fresh-button"
                aria-label={words.freshAbout(waiting)}
                data-testid="new-tasks"
                onClick={show}
              >
                ↑ {words.fresh(waiting)}
              </button>
            ) : null}
          </div>
          {!isKnown && items.length === 0 ? (
            <ListSkeleton lines={4} />
          ) : status === 'offline' && items.length === 0 ? (
            <p className="empty">{words.offline}</p>
          ) : shown.length === 0 && isFiltered ? (
            <div className="empty">
              <p>{words.noMatch}</p>
              <button
                type="button"
                className="nb-button nb-button--framed"
                data-testid="clear-filter"
                onClick={() => replaceAddress(myWorkHref())}
              >
                {words.clear}
              </button>
            </div>
          ) : (
            <TaskParts
              items={shown}
              parts={parts}
              titles={titles}
              renderEmpty={(part) => <p className="empty">{words.empty[part]}</p>}
            />
          )}
        </div>
      </div>
      <aside className="work-aside">
        <WorkstreamsPanel />
      </aside>
    </div>
  );
}
