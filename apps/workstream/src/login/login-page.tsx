import { type FormEvent, useEffect, useState } from 'react';
import { LanguageChoice } from '../settings/language-choice.tsx';
import { setPageTitle } from '../shell/page-title.ts';
import { type Farewell, useLoginWords } from './login-words.ts';
import { goToProvider } from './openid.ts';
import { askForWays, type LoginWays, type Session, type SignInProblem, signIn } from './session.ts';

interface LoginPageProps {
  /** Why the last session ended. */
  farewell: Farewell | undefined;
  onSession: (session: Session) => void;
}

/** Signs a person in. */
export function LoginPage({ farewell, onSession }: LoginPageProps) {
  const words = useLoginWords();
  const [problem, setProblem] = useState<SignInProblem>();
  const [isBusy, setBusy] = useState(false);
  const [ways, setWays] = useState<LoginWays>();
  useEffect(() => {
    askForWays().then(setWays);
  }, []);
  useEffect(() => setPageTitle(words.signIn), [words]);
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
      setProblem('provider_away');
    });
  };
  const { password = true, openid } = ways ?? {};
  return (
    // What is there to choose from is known in a moment; until then nothing jumps.
    <main className={`login ${ways ? '' : 'login--asking'}`}>
      <form className="login-card" onSubmit={submit} data-testid="login-form">
        <img src="./icon.svg" alt="" width="44" height="44" />
        <div>
          <h1 className="page-title">NetBuild Workstream</h1>
          <p className="quiet">{words.about}</p>
        </div>
        {farewell ? (
          <p className="notice" role="status" data-testid="login-farewell">
            {words.problems[farewell]}
          </p>
        ) : null}
        {problem ? (
          <p className="problem" role="alert" data-testid="login-error">
            {words.problems[problem]}
          </p>
        ) : null}
        {openid ? (
          <button
            type="button"
            className="nb-button nb-button--primary"
            disabled={isBusy}
            data-testid="login-openid"
            onClick={() => leaveFor(openid)}
          >
            {words.signInAt(new URL(openid.issuer).host)}
          </button>
        ) : null}
        {password ? (
          <>
            <label className="field">
              <span>{words.user}</span>
              <input
                name="user"
                className="input"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                data-testid="login-user"
              />
            </label>
            <label className="field">
              <span>{words.password}</span>
              <input
                name="password"
                className="input"
                type="password"
                autoComplete="current-password"
                required
                data-testid="login-password"
              />
            </label>
            <button
              type="submit"
              className={`nb-button nb-button--${openid ? 'quiet' : 'primary'}`}
              disabled={isBusy}
              data-testid="login-submit"
            >
              {isBusy ? words.signingIn : words.signIn}
            </button>
          </>
        ) : null}
      </form>
      <LanguageChoice />
    </main>
  );
}
