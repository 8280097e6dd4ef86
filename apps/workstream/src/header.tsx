import { Avatar } from '@netbuild/realtime-react';
import { ConnectionPill } from './connection-pill.tsx';
import type { Session } from './session.ts';

/** The bar on top of every page. */
export function Header({ session, onSignOut }: { session: Session; onSignOut: () => void }) {
  return (
    <header className="header">
      <a className="brand" href="#/" data-testid="home-link">
        <img src="./icon.svg" alt="" width="28" height="28" />
        <span>Workstream</span>
      </a>
      <ConnectionPill />
      <div className="header-user">
        <Avatar name={session.userId} />
        <span className="header-name" data-testid="user-name">
          {session.userId}
        </span>
        <button type="button" className="button button--quiet" data-testid="sign-out" onClick={onSignOut}>
          Sign out
        </button>
      </div>
    </header>
  );
}
