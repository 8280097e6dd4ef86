import type { Unread } from '@netbuild/realtime-protocol';
import { Avatar, type Row, useExecutions, useFormats, useIdentity } from '@netbuild/realtime-react';
import { memo, useDeferredValue, useMemo, useState } from 'react';
import { executionHref } from '../routing/route.ts';
import { ListSkeleton } from '../shell/skeleton.tsx';
import { useUnread } from './use-unread.ts';
import { useWorkstreamWords } from './words.ts';

/** Workstreams that are shown at first, beside something else and on a page of their own. */
const FEW = 8;
const MANY = 50;

/** Faces of the others who take part. */
const FACES = 2;

/** From how many on one looks for them by name. */
const SEARCHED = 6;

/** The executions that a person takes part in, the newest first, with what they have yet to read there. */
export function WorkstreamList({ isWhole = false }: { isWhole?: boolean }) {
  const words = useWorkstreamWords();
  const { data, isKnown } = useExecutions();
  const unread = useUnread();
  const [search, setSearch] = useState('');
  const [limit, setLimit] = useState(isWhole ? MANY : FEW);
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const taken = useDeferredValue(data);
  const found = useMemo(
    () => taken.filter(({ data: { title } }) => title.toLowerCase().includes(wanted)).toReversed(),
    [taken, wanted],
  );
  if (!isKnown && data.length === 0) return <ListSkeleton />;
  if (data.length === 0) return <p className="quiet">{words.none}</p>;
  return (
    <>
      {data.length >= SEARCHED ? (
        <input
          type="search"
          className="input"
          aria-label={words.search}
          placeholder={words.search}
          value={search}
          data-testid="workstream-search"
          onChange={({ target }) => setSearch(target.value)}
        />
      ) : null}
      {found.length === 0 ? <p className="quiet">{words.noMatch}</p> : null}
      <ul className="streams" data-testid="executions">
        {found.slice(0, limit).map((row) => (
          <Stream key={row.subject} row={row} unread={unread.get(row.data.executionId)} />
        ))}
      </ul>
      {found.length > limit ? (
        <button type="button" className="nb-button nb-button--quiet" onClick={() => setLimit(limit + MANY)}>
          {words.more(Math.min(MANY, found.length - limit))}
        </button>
      ) : null}
    </>
  );
}

const Stream = memo(function Stream({
  row: { data, seq },
  unread,
}: {
  row: Row<'execution'>;
  unread: Unread | undefined;
}) {
  const words = useWorkstreamWords();
  const { moment } = useFormats();
  const me = useIdentity()?.userId;
  const others = data.participants.filter((name) => name !== me);
  const count = unread?.unread ?? 0;
  return (
    <li>
      <a
        className={`stream ${count > 0 ? 'stream--unread' : ''}`}
        href={executionHref(data.executionId)}
        data-testid="execution-link"
        data-execution-id={data.executionId}
        data-seq={seq}
      >
        <span className="stream-words">
          <span className="stream-title">{data.title}</span>
          <time className="quiet" dateTime={data.created}>
            {moment(data.created)}
          </time>
        </span>
        {count > 0 ? (
          <span className="badge" data-testid="unread">
            <span aria-hidden="true">
              {count}
              {unread?.more ? '+' : ''}
            </span>
            <span className="nb-hidden">{words.unread(count, unread?.more === true)}</span>
          </span>
        ) : null}
        <span className="avatars" title={others.length > 0 ? words.with(others.join(', ')) : undefined}>
          {others.slice(0, FACES).map((name) => (
            <Avatar key={name} name={name} />
          ))}
        </span>
      </a>
    </li>
  );
});
