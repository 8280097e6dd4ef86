import type { KindOf, ListName, Row } from '@netbuild/realtime-client';
import type { ReactNode } from 'react';
import { useView } from '../use-view.ts';

/** What a component shows: a row that its caller has, or the id of one that it follows by itself. */
export type OfRow<R extends Row> = { row: R; id?: undefined } | { row?: undefined; id: string };

type OfRowProps<N extends ListName> = OfRow<Row<KindOf<N>>> & {
  list: N;
  children: (row: Row<KindOf<N>>) => ReactNode;
};

/**
 * Shows a row, given or followed. Of an id that is not known here it shows nothing: which room tells of it is its
 * caller's to hold.
 */
export function OfRow<N extends ListName>({ list, row, id, children }: OfRowProps<N>) {
  if (row) return children(row);
  return (
    <Followed list={list} id={id!}>
      {children}
    </Followed>
  );
}

function Followed<N extends ListName>({
  list,
  id,
  children,
}: Pick<OfRowProps<N>, 'list' | 'children'> & { id: string }) {
  const [row] = useView(list, { id }).data;
  return row ? children(row) : null;
}
