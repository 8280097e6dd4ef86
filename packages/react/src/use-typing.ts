import { useCallback, useEffect, useRef, useState } from 'react';
import { useWebSocket } from './context.ts';
import type { Live } from './trust.ts';
import { useLive, useRoom } from './use-room.ts';

/** Milliseconds for which somebody who has said so is taken to be writing. */
const HOLDS = 5000;

/** Milliseconds between two words that we are writing. */
const SAY_EVERY = 2000;

/**
 * Who else is writing in an execution, by their ids. It ends by itself after some seconds, or when what they wrote
 * is there. The execution's room is held meanwhile.
 *
 * @example const { data: writing } = useTyping(executionId);
 */
export function useTyping(executionId: string): Live<readonly string[]> {
  const { client } = useWebSocket();
  const trust = useRoom(`execution:${executionId}`);
  const [writing, setWriting] = useState<readonly string[]>([]);
  useEffect(() => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const end = (userId: string): void => {
      clearTimeout(timers.get(userId));
      if (timers.delete(userId)) setWriting([...timers.keys()]);
    };
    const stops = [
      client.on('typing', ({ data: { executionId: where, userId } }) => {
        if (where !== executionId) return;
        const isNew = !timers.has(userId);
        clearTimeout(timers.get(userId));
        timers.set(
          userId,
          setTimeout(() => end(userId), HOLDS),
        );
        if (isNew) setWriting([...timers.keys()]);
      }),
      client.on('message:new', ({ data }) => data.executionId === executionId && end(data.userId)),
    ];
    return () => {
      for (const stop of stops) stop();
      for (const timer of timers.values()) clearTimeout(timer);
      setWriting([]);
    };
  }, [client, executionId]);
  return useLive(writing, trust);
}

/**
 * Says to the others in an execution that we are writing; to be called at every change of the text.
 *
 * @example const sayTyping = useSayTyping(executionId);
 */
export function useSayTyping(executionId: string): () => void {
  const { client } = useWebSocket();
  const said = useRef({ executionId: '', at: 0 });
  return useCallback(() => {
    const now = Date.now();
    if (said.current.executionId === executionId && now - said.current.at < SAY_EVERY) return;
    said.current = { executionId, at: now };
    void client.ask('typing', { executionId });
  }, [client, executionId]);
}
