import { RealtimeError } from '@netbuild/realtime-client';
import type { DiagramAnswer, ErrorCode, Room } from '@netbuild/realtime-protocol';
import { useEffect, useState } from 'react';
import { useWebSocket } from '../context.ts';

/** A model on its way. */
export type Model =
  | { state: 'loading' }
  | { state: 'here'; model: DiagramAnswer }
  /** `unreachable`: the gateway itself did not answer. */
  | { state: 'missing'; code: ErrorCode | 'unreachable'; again: () => void };

/** The model that a room's instances run by. */
interface Wanted {
  room: Room;
  engine?: string | undefined;
  /** Whether it can be asked for yet. */
  isReady: boolean;
  /** What it depends on: the definition that the instance now runs by. */
  version?: string | undefined;
}

/** Reads a model over HTTP, and again when its instance was migrated, or somebody asks for it. */
export function useModel({ room, engine, isReady, version }: Wanted): Model {
  const { client } = useWebSocket();
  const [model, setModel] = useState<Model>({ state: 'loading' });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!isReady) return;
    let isOver = false;
    const query = new URLSearchParams({ room, ...(engine === undefined ? {} : { engine }) });
    client.get<DiagramAnswer>(`/v1/diagram?${query}`).then(
      (found) => {
        if (!isOver) setModel({ state: 'here', model: found });
      },
      (thrown: unknown) => {
        const code = thrown instanceof RealtimeError ? (thrown.details.code as ErrorCode) : 'unreachable';
        const again = () => {
          setModel({ state: 'loading' });
          setTries((before) => before + 1);
        };
        if (!isOver) setModel({ state: 'missing', code, again });
      },
    );
    return () => {
      isOver = true;
    };
  }, [client, room, engine, isReady, version, tries]);
  return model;
}
