import { useStatus, WebSocketProvider } from '@netbuild/realtime-react';
import { useCallback, useEffect, useState } from 'react';
import { ExecutionPage } from './execution-page.tsx';
import { Header } from './header.tsx';
import { HomePage } from './home-page.tsx';
import { LoginPage } from './login-page.tsx';
import { isBackFromProvider } from './openid.ts';
import { useRoute } from './route.ts';
import {
  freshToken,
  keepSession,
  readSession,
  type Session,
  signInFromProvider,
  signOut,
} from './session.ts';

/** Once a page: React's StrictMode asks twice, and a provider takes its code once. */
let arriving: ReturnType<typeof signInFromProvider> | undefined;

/** The app: sign in, then the workspace. */
export function App() {
  const [isArriving, setArriving] = useState(isBackFromProvider);
  const [session, setSession] = useState(readSession);
  const [farewell, setFarewell] = useState<string>();
  const enter = useCallback((next: Session | undefined, words?: string) => {
    keepSession(next);
    setSession(next);
    setFarewell(words);
  }, []);
  const leave = useCallback((words?: string) => enter(undefined, words), [enter]);
  useEffect(() => {
    if (!isArriving) return;
    arriving ??= signInFromProvider();
    arriving.then((outcome) => {
      if (typeof outcome === 'string') leave(outcome);
      else enter(outcome);
      setArriving(false);
    });
  }, [isArriving, enter, leave]);
  if (isArriving)
    return (
      <main className="login">
        <p role="status">Signing in …</p>
      </main>
    );
  if (!session) return <LoginPage farewell={farewell} onSession={enter} />;
  return (
    <WebSocketProvider key={session.userId} getToken={freshToken}>
      <Workspace session={session} onLeave={leave} />
    </WebSocketProvider>
  );
}

function Workspace({ session, onLeave }: { session: Session; onLeave: (words?: string) => void }) {
  const route = useRoute();
  const status = useStatus();
  const isUnknown =
    (status.state === 'refused' && status.error.code.startsWith('token_')) ||
    (status.state === 'closed' && status.reason === 'revoked');
  useEffect(() => {
    if (isUnknown) onLeave('Your session has ended. Please sign in again.');
  }, [isUnknown, onLeave]);
  const leave = () => {
    void signOut();
    onLeave();
  };
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to content
      </button>
      <Header session={session} onSignOut={leave} />
      <main id="main" className="main" tabIndex={-1}>
        {route.page === 'execution' ? (
          <ExecutionPage key={route.executionId} executionId={route.executionId} />
        ) : (
          <HomePage session={session} />
        )}
      </main>
    </div>
  );
}
