import { WebSocketProvider } from '@netbuild/realtime-react';
import { useCallback, useEffect, useState } from 'react';
import { LoginPage } from './login/login-page.tsx';
import type { Farewell } from './login/login-words.ts';
import { isBackFromProvider } from './login/openid.ts';
import { freshToken, keepSession, readSession, type Session, signInFromProvider } from './login/session.ts';
import { SettingsProvider } from './settings/settings-provider.tsx';
import { useShellWords } from './shell/words.ts';
import { Workspace } from './shell/workspace.tsx';

/** Once a page: React's StrictMode asks twice, and a provider takes its code once. */
let arriving: ReturnType<typeof signInFromProvider> | undefined;

/** The app: sign in, then the workspace. */
export function App() {
  const [isArriving, setArriving] = useState(isBackFromProvider);
  const [session, setSession] = useState(readSession);
  const [farewell, setFarewell] = useState<Farewell>();
  const enter = useCallback((next: Session | undefined, why?: Farewell) => {
    keepSession(next);
    setSession(next);
    setFarewell(why);
  }, []);
  const leave = useCallback((why?: Farewell) => enter(undefined, why), [enter]);
  useEffect(() => {
    if (!isArriving) return;
    arriving ??= signInFromProvider();
    arriving.then((outcome) => {
      if (typeof outcome === 'string') leave(outcome);
      else enter(outcome);
      setArriving(false);
    });
  }, [isArriving, enter, leave]);
  return (
    <SettingsProvider userId={session?.userId}>
      {isArriving ? (
        <Arriving />
      ) : session ? (
        <WebSocketProvider key={session.userId} getToken={freshToken}>
          <Workspace session={session} onLeave={leave} />
        </WebSocketProvider>
      ) : (
        <LoginPage farewell={farewell} onSession={enter} />
      )}
    </SettingsProvider>
  );
}

function Arriving() {
  const words = useShellWords();
  return (
    <main className="login">
      <p role="status">{words.signingIn}</p>
    </main>
  );
}
