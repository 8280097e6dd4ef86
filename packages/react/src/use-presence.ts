import type { ErrorDetails } from '@netbuild/realtime-client';
import type { Ephemeral, Room } from '@netbuild/realtime-protocol';
import { useEffect, useState } from 'react';
import { useWebSocket } from './context.ts';
import type { Live } from './trust.ts';
import { useLive, useRoom } from './use-room.ts';

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
 * @example const { data: present, status } = usePresence(`execution:${executionId}`);
 */
export function usePresence(room: Room): Live<Presence | undefined> {
  const { client } = useWebSocket();
  const trust = useRoom(room);
  const isLive = trust.status === 'live';
  const [present, setPresent] = useState<{ room: Room; known?: Presence; error?: ErrorDetails }>();
  useEffect(() => {
    if (!isLive) return;
    let known: Presence | undefined;
    let isAsking = false;
    let isOver = false;
    const show = ({ count, people }: Presence): void => {
      known = { count, people };
      if (!isOver) setPresent({ room, known });
    };
    const ask = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      const answer = await client.ask('presence', { room });
      isAsking = false;
      if (answer?.success) show(answer);
      else if (answer && !isOver) setPresent({ room, error: answer.error });
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
  const here = present?.room === room ? present : undefined;
  const isKnown = here?.known !== undefined;
  // The room is whole before it is known who is in it.
  const isLiveHere = isKnown ? 'live' : here?.error ? 'refused' : 'loading';
  const status = isLive ? isLiveHere : trust.status;
  return useLive(here?.known, { ...trust, status, error: trust.error ?? here?.error, isKnown });
}
