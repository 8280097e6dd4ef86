import type { Ephemeral, Room } from '@netbuild/realtime-protocol';
import { useEffect, useState } from 'react';
import { useWebSocket } from './context.ts';
import { useRoom } from './use-room.ts';

/** Who is in a room now, we among them. */
export interface Presence {
  count: number;
  /** By their ids; left out where they are more than 200. */
  people?: readonly string[] | undefined;
}

/**
 * Who is in an execution's or a process's room, a person once however many tabs they have; `undefined` until it is
 * known. Whoever has gone is there for half a minute longer, as a reload takes. The room is held meanwhile.
 *
 * @example const present = usePresence(`execution:${executionId}`);
 */
export function usePresence(room: Room): Presence | undefined {
  const { client } = useWebSocket();
  const isLive = useRoom(room).status === 'live';
  const [present, setPresent] = useState<Presence & { room: Room }>();
  useEffect(() => {
    if (!isLive) return;
    let known: Presence | undefined;
    let isAsking = false;
    let isOver = false;
    const show = ({ count, people }: Presence): void => {
      known = { count, people };
      if (!isOver) setPresent({ room, count, people });
    };
    const ask = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      const answer = await client.ask('presence', { room });
      isAsking = false;
      if (answer?.success) show(answer);
    };
    const hear = ({ type, data }: Ephemeral<'presence:joined' | 'presence:left'>): void => {
      const { userId, count } = data;
      if (data.room !== room || !known) return;
      if (userId === undefined) {
        show({ count });
        return;
      }
      const people = new Set(known.people);
      if (type === 'presence:joined') people.add(userId);
      else people.delete(userId);
      // Words may be lost: whoever counts otherwise than the server asks.
      if (people.size === count) show({ count, people: [...people] });
      else void ask();
    };
    const stops = [client.on('presence:joined', hear), client.on('presence:left', hear)];
    void ask();
    return () => {
      isOver = true;
      for (const stop of stops) stop();
    };
  }, [client, room, isLive]);
  return present?.room === room ? present : undefined;
}
