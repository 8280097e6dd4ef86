import type { Row } from '@netbuild/realtime-client';
import { type ReactElement, type ReactNode, useRef } from 'react';
import { isPending, Saving } from './saving.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

/** In the place of a part of a card. `usual` is what would stand there, and may be a part of what is shown. */
export type RenderPart<R extends Row> = (row: R, usual: ReactElement) => ReactNode;

/** The usual part. */
export const usualPart = (_row: Row, usual: ReactElement): ReactNode => usual;

interface CardProps {
  row: Row;
  /** Stable name, for tests. */
  name: string;
  title: string;
  state: string;
  /** What matters most beside the title: who has it, how it stands. */
  side: ReactNode;
  /** It waits for who reads. */
  isMine?: boolean;
  /** Further attributes by which tests find it. */
  data?: Readonly<Record<`data-${string}`, string | number | undefined>>;
  children: ReactNode;
}

/** What all cards have: a frame, a title, and a word while something is not confirmed yet. */
export function Card({ row, name, title, state, side, isMine = false, data, children }: CardProps) {
  const isSaving = isPending(row);
  const card = useRef<HTMLElement>(null);
  useKeptFocus(card, row.subject);
  return (
    <article
      ref={card}
      tabIndex={-1}
      className={`nb-card nb-card--${state} ${isMine ? 'nb-card--mine' : ''}`}
      aria-label={title}
      data-testid={name}
      data-state={state}
      data-seq={row.seq}
      data-pending={isSaving || undefined}
      {...data}
    >
      <div className="nb-card-head">
        <h3 className="nb-card-title">{title}</h3>
        {side}
      </div>
      {children}
      <Saving isSaving={isSaving} />
    </article>
  );
}
