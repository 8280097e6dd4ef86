import { Avatar } from '@netbuild/realtime-react';
import type { Session } from '../login/session.ts';
import { Bell } from '../notices/bell.tsx';
import { myWorkHref, type Route } from '../routing/route.ts';
import { SettingsForm } from '../settings/settings-form.tsx';
import { ConnectionPill } from './connection-pill.tsx';
import { Navigation } from './navigation.tsx';
import { Popover } from './popover.tsx';
import { useShellWords } from './words.ts';

interface HeaderProps {
  session: Session;
  route: Route;
  mayOperate: boolean;
  onSignOut: () => void;
}

/** The bar on top of every page. */
export function Header({ session, route, mayOperate, onSignOut }: HeaderProps) {
  const words = useShellWords();
  return (
    <header className="header">
      <a className="brand" href={myWorkHref()} data-testid="home-link">
        <img src="./icon.svg" alt="" width="28" height="28" />
        <span className="brand-name">Workstream</span>
      </a>
      <Navigation route={route} mayOperate={mayOperate} />
      <div className="header-end">
        <ConnectionPill />
        <Bell userId={session.userId} />
        <Popover
          label={words.account(session.userId)}
          name="account"
          button={
            <span className="header-user">
              <Avatar name={session.userId} />
              <span className="header-name" data-testid="user-name">
                {session.userId}
              </span>
            </span>
          }
        >
          {() => (
            <>
              <h2>{session.userId}</h2>
              <SettingsForm />
              <button
                type="button"
                className="nb-button nb-button--framed"
                data-testid="sign-out"
                onClick={onSignOut}
              >
                {words.signOut}
              </button>
            </>
          )}
        </Popover>
      </div>
    </header>
  );
}
