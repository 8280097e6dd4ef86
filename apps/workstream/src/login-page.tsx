import { type FormEvent, useEffect, useState } from 'react';
import { goToProvider } from './openid.ts';
import { askForWays, type LoginWays, type Session, signIn } from './session.ts';

interface LoginPageProps {
  /** Why the last session ended. */
  farewell: string | undefined;
  onSession: (session: Session) => void;
}

/** Signs a person in. */
export function LoginPage({ farewell, onSession }: LoginPageProps) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [ways, setWays] = useState<LoginWays>();
  useEffect(() => {
    askForWays().then(setWays);
  }, []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(undefined);
    const outcome = await signIn(String(fields.get('user')), String(fields.get('password')));
    setBusy(false);
    if (typeof outcome === 'string') setProblem(outcome);
    else onSession(outcome);
  };
  const leaveFor = async (openid: NonNullable<LoginWays['openid']>) => {
    setBusy(true);
    setProblem(undefined);
    await goToProvider(openid).catch(() => {
      setBusy(false);
      setProblem('The sign-in service can not be reached. Please try again.');
    });
  };
  const { password = true, openid } = ways ?? {};
  return (
    // What is there to choose from is known in a moment; until then nothing jumps.
    <main className={`login ${ways ? '' : 'login--asking'}`}>
      <form className="login-card" onSubmit={submit} data-testid="login-form">
        <img src="./icon.svg" alt="" width="44" height="44" />
        <h1>Workstream</h1>
        <p className="quiet">Conversations and processes, as they happen.</p>
        {farewell ? (
          <p className="notice" role="status" data-testid="login-farewell">
            {farewell}
          </p>
        ) : null}
        {problem ? (
          <p className="problem" role="alert" data-testid="login-error">
            {problem}
          </p>
        ) : null}
        {openid ? (
          <button
            type="button"
            className="button button--primary"
            disabled={isBusy}
            data-testid="login-openid"
            onClick={() => leaveFor(openid)}
          >
            Sign in at {new URL(openid.issuer).host}
          </button>
        ) : null}
        {password ? (
          <>
            <label className="field">
              <span>User</span>
              <input
                name="user"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                data-testid="login-user"
              />
            </label>
            <label className="field">
              <span>Password</span>
              <input
                name="password"
                type="password"
                autoComplete="current-password"
                required
                data-testid="login-password"
              />
            </label>
            <button
              type="submit"
              className={`button ${openid ? 'button--quiet' : 'button--primary'}`}
              disabled={isBusy}
              data-testid="login-submit"
            >
              {isBusy ? 'Signing in …' : 'Sign in'}
            </button>
          </>
        ) : null}
      </form>
    </main>
  );
}
