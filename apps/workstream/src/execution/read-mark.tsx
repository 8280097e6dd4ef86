import { isOf, RealtimeError, useHistory, useIdentity, useWebSocket } from '@netbuild/realtime-react';
import { useEffect, useRef } from 'react';

/** Milliseconds after which what is shown counts as read; several messages are then one word. */
const GLANCE = 1000;

/** Says how far a person has read in an execution, while they look at its chat. It shows nothing: what is said concerns it alone. */
export function ReadMark({ executionId, isShown }: { executionId: string; isShown: boolean }) {
  const { client } = useWebSocket();
  const me = useIdentity()?.userId;
  const { data } = useHistory(`execution:${executionId}`);
  const said = useRef(0);
  const newest = data.findLast((event) => isOf('message', event) && event.data.userId !== me)?.seq ?? 0;
  const read = data.findLast((event) => isOf('read', event) && event.data.userId === me);
  const known = read && isOf('read', read) ? read.data.seq : 0;
  useEffect(() => {
    if (me === undefined || !isShown || newest <= Math.max(known, said.current)) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      said.current = newest;
      // Not to have said it costs a number in a list; the next message says it again.
      client.command('message:read', { executionId, seq: newest }).catch((error) => {
        if (!(error instanceof RealtimeError)) throw error;
      });
    };
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') timer = setTimeout(say, GLANCE);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [client, executionId, isShown, me, newest, known]);
  return null;
}
