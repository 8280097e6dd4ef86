import type { Room } from '@netbuild/realtime-protocol';
import { useExecutions, useTasks, useWebSocket } from '@netbuild/realtime-react';
import { useEffect } from 'react';
import { usePageTitle } from './use-page-title.ts';

/** An execution that is not there, or not for this person: which of the two is nobody's business. */
export function NotHere({ room }: { room: Room }) {
  const heading = usePageTitle('Not available');
  useAskAgain(room);
  return (
    <div className="not-here" data-testid="not-here">
      <h1 ref={heading} tabIndex={-1} className="page-title">
        This workstream is not available to you
      </h1>
      <p className="quiet">
        It may have another address, or you do not take part in it. Ask who sent you the link to add you.
      </p>
      <a className="button button--primary" href="#/">
        Back to your work
      </a>
    </div>
  );
}

/** Asks for a refused room again whenever there is something new of it that concerns this person. */
function useAskAgain(room: Room): void {
  const { client } = useWebSocket();
  const rows = [...useTasks().data, ...useExecutions().data];
  const newest = Math.max(0, ...rows.filter(({ rooms }) => rooms.includes(room)).map(({ seq }) => seq));
  useEffect(() => (newest > 0 ? client.room(room).hold() : undefined), [client, room, newest]);
}
