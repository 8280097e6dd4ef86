import { type ReactNode, Suspense, useRef } from 'react';
import { ErrorBoundary } from '../shell/error-boundary.tsx';
import { ListSkeleton } from '../shell/skeleton.tsx';
import type { Pane as PaneName } from './panes.ts';

interface PaneProps {
  name: PaneName;
  label: string;
  isShown: boolean;
  isTab: boolean;
  children: ReactNode;
}

/**
 * A part of the page, made when it is first in sight. Out of sight it stays as it is: what is written in it, and how
 * far it is scrolled. What fails in it takes nothing else with it.
 */
export function Pane({ name, label, isShown, isTab, children }: PaneProps) {
  const wasShown = useRef(false);
  if (isShown) wasShown.current = true;
  return (
    <section
      id={`pane-${name}`}
      className={`pane pane--${name}`}
      data-shown={isShown}
      {...(isTab ? { role: 'tabpanel', 'aria-labelledby': `tab-${name}` } : { 'aria-label': label })}
    >
      {wasShown.current ? (
        <ErrorBoundary place={name}>
          <Suspense fallback={<ListSkeleton lines={1} />}>{children}</Suspense>
        </ErrorBoundary>
      ) : null}
    </section>
  );
}
