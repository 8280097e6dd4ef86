import type { ReactNode } from 'react';
import { myWorkHref, operationsHref, type Route, workstreamsHref } from '../routing/route.ts';
import { useShellWords } from './words.ts';

interface NavigationProps {
  route: Route;
  mayOperate: boolean;
  /** Below the pages, for thumbs; otherwise beside the name of the app. */
  isBelow?: boolean;
}

/** The ways to the pages. */
export function Navigation({ route: { page }, mayOperate, isBelow = false }: NavigationProps) {
  const words = useShellWords();
  return (
    <nav className={isBelow ? 'nav nav--below' : 'nav nav--beside'} aria-label={words.pages}>
      <Way href={myWorkHref()} isHere={page === 'my-work'} icon={<path d="M4 10.5l4 4 8-9" />}>
        {words.myWork}
      </Way>
      <Way
        href={workstreamsHref}
        isHere={page === 'workstreams' || page === 'execution'}
        icon={<path d="M3 4.5h14v9H9l-4 3v-3H3z" />}
      >
        {words.workstreams}
      </Way>
      {mayOperate || page === 'operations' ? (
        <Way
          href={operationsHref}
          isHere={page === 'operations'}
          icon={<path d="M3 16.5h14M5 13V9m5 4V4m5 9V7" />}
        >
          {words.operations}
        </Way>
      ) : null}
    </nav>
  );
}

interface WayProps {
  href: string;
  isHere: boolean;
  icon: ReactNode;
  children: string;
}

function Way({ href, isHere, icon, children }: WayProps) {
  return (
    <a className="nav-link" href={href} aria-current={isHere ? 'page' : undefined}>
      <svg className="nav-icon" viewBox="0 0 20 20" aria-hidden="true">
        {icon}
      </svg>
      <span>{children}</span>
    </a>
  );
}
