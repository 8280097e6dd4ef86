import type { EventListener } from '@netbuild/realtime-client';
import type { EventType } from '@netbuild/realtime-protocol';
import { useEffect, useRef } from 'react';
import { useWebSocket } from './context.ts';

/**
 * Hears each event of a type, once and in order; `*` hears all. The listener may be a new function at each render.
 *
 * @example useEvent('process:error', (event) => notify(event.data.message));
 */
export function useEvent<T extends EventType | `x:${string}` | '*'>(
  type: T,
  listener: EventListener<T>,
): void {
  const { client } = useWebSocket();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => client.on(type, ((event) => latest.current(event)) as EventListener<T>), [client, type]);
}
