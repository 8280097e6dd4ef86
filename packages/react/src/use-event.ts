import type { EventListener } from '@netbuild/realtime-client';
import type { EventType } from '@netbuild/realtime-protocol';
import { useEffect, useRef, useState } from 'react';
import { useWebSocket } from './context.ts';
import type { Live } from './trust.ts';
import { useLive, useRoom } from './use-room.ts';

/** An event of a type, as a listener hears it. */
type Heard<T extends string> = Parameters<EventListener<T>>[0];

/**
 * Hears each event of a type, once and in order; `*` hears all. The listener may be a new function at each render.
 *
 * @returns as `data` the newest that was heard, where there is no listener; with one, `data` stays `undefined`, and
 * an event makes nothing render. Beside it, how far the connection can be trusted to bring them.
 * @example useEvent('process:error', (event) => notify(event.data.message));
 * @example const { data: event } = useEvent('agent:completed');
 */
export function useEvent<T extends EventType | `x:${string}` | '*'>(
  type: T,
  listener?: EventListener<T>,
): Live<Heard<T> | undefined> {
  const { client } = useWebSocket();
  const trust = useRoom(undefined);
  const [newest, setNewest] = useState<Heard<T>>();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const hear = (event: Heard<T>): void => {
      if (latest.current) latest.current(event);
      else setNewest(event);
    };
    const stop = client.on(type, hear as EventListener<T>);
    return () => {
      stop();
      setNewest(undefined);
    };
  }, [client, type]);
  return useLive(newest, trust);
}
