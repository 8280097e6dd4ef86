import { useStatus } from '@netbuild/realtime-react';
import { lazy, Suspense, useEffect } from 'react';
import { ExecutionPage } from '../execution/execution-page.tsx';
import type { Farewell } from '../login/login-words.ts';
import { type Session, signOut } from '../login/session.ts';
import { MyWorkPage } from '../my-work/my-work-page.tsx';
import { forgetBook } from '../notices/kept-book.ts';
import { type Route, useRoute } from '../routing/route.ts';
import { WorkstreamsPage } from '../workstreams/workstreams-page.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import { NoSuchPage } from './no-such-page.tsx';
import { PageSkeleton } from './skeleton.tsx';
import { useRoles } from './use-roles.ts';
import { useShellWords } from './words.ts';

const OperationsPage = lazy(async () => ({
  default: (await import('../operations/operations-page.tsx')).OperationsPage,
}));

interface WorkspaceProps {
  session: Session;
  onLeave: (farewell?: Farewell) => void;
}

/** What a person who is signed in works in: the bar, and the page that the address names. */
export function Workspace({ session, onLeave }: WorkspaceProps) {
  const words = useShellWords();
  const route = useRoute();
  const status = useStatus();
  const mayOperate = useRoles().includes('operations');
  const isUnknown =
    (status.state === 'refused' && status.error.code.startsWith('token_')) ||
    (status.state === 'closed' && status.reason === 'revoked');
  useEffect(() => {
    if (isUnknown) onLeave('session_ended');
  }, [isUnknown, onLeave]);
  const leave = () => {
    forgetBook(session.userId);
    void signOut();
    onLeave();
  };
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        {words.skip}
      </button>
      <Header session={session} route={route} mayOperate={mayOperate} onSignOut={leave} />
      <main id="main" className="main" tabIndex={-1}>
        <ErrorBoundary place={placeOf(route)}>
          <Suspense fallback={<PageSkeleton />}>
            <Page route={route} session={session} />
          </Suspense>
        </ErrorBoundary>
      </main>
      <Navigation route={route} mayOperate={mayOperate} isBelow />
    </div>
  );
}

function Page({ route, session }: { route: Route; session: Session }) {
  switch (route.page) {
    case 'execution':
      return <ExecutionPage key={route.executionId} executionId={route.executionId} query={route.query} />;
    case 'workstreams':
      return <WorkstreamsPage />;
    case 'operations':
      return <OperationsPage processDefinitionKey={route.processDefinitionKey} />;
    case 'nowhere':
      return <NoSuchPage />;
    case 'my-work':
      return <MyWorkPage query={route.query} session={session} />;
  }
}

/** Which page it is, whatever it shows of itself. */
function placeOf(route: Route): string {
  if (route.page === 'execution') return `execution/${route.executionId}`;
  return route.page === 'operations' ? `operations/${route.processDefinitionKey ?? ''}` : route.page;
}
