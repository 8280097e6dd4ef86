import { useStatus, WebSocketProvider } from '@netbuild/realtime-react';
import { useCallback, useEffect, useState } from 'react';
import { ExecutionPage } from './execution-page.tsx';
import { Header } from './header.tsx';
import { HomePage } from './home-page.tsx';
import { LoginPage } from './login-page.tsx';
import { useRoute } from './route.ts';
import { keepSession, readSession, type Session } from './session.ts';

/** The app: sign in, then the workspace. */
export function App() {
  const [session, setSession] = useState(readSession);
  const [farewell, setFarewell] = useState<string>();
  const enter = useCallback((next: Session | undefined, words?: string) => {
    keepSession(next);
    setSession(next);
    setFarewell(words);
  }, []);
  const leave = useCallback((words?: string) => enter(undefined, words), [enter]);
  if (!session) return <LoginPage farewell={farewell} onSession={enter} />;
  return (
    <WebSocketProvider key={session.token} token={session.token}>
      <Workspace session={session} onLeave={leave} />
    </WebSocketProvider>
  );
}

function Workspace({ session, onLeave }: { session: Session; onLeave: (words?: string) => void }) {
  const route = useRoute();
  const status = useStatus();
  const isUnknown = status.state === 'refused' && status.error.code.startsWith('token_');
  useEffect(() => {
    if (isUnknown) onLeave('Your session has ended. Please sign in again.');
  }, [isUnknown, onLeave]);
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to content
      </button>
      <Header session={session} onSignOut={() => onLeave()} />
      <main id="main" className="main" tabIndex={-1}>
        {route.page === 'execution' ? (
          <ExecutionPage key={route.executionId} executionId={route.executionId} session={session} />
        ) : (
          <HomePage session={session} />
        )}
      </main>
    </div>
  );
}
