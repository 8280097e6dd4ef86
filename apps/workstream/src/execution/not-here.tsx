import type { Room } from '@netbuild/realtime-protocol';
import { useExecutions, useTasks, useWebSocket } from '@netbuild/realtime-react';
import { useEffect } from 'react';
import { myWorkHref } from '../routing/route.ts';
import { usePageTitle } from '../shell/use-page-title.ts';
import { useExecutionWords } from './words.ts';

/** An execution that is not there, or not for this person: which of the two is nobody's business. */
export function NotHere({ room }: { room: Room }) {
  const words = useExecutionWords();
  const heading = usePageTitle(words.notHereTitle);
  useAskAgain(room);
  return (
    <div className="not-here" data-testid="not-here">
      <h1 ref={heading} tabIndex={-1} className="page-title">
        {words.notHere}
      </h1>
      <p className="quiet">{words.notHereAbout}</p>
      <a className="nb-button nb-button--primary" href={myWorkHref()}>
        {words.toWork}
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
