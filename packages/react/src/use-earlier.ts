import { RealtimeError } from '@netbuild/realtime-client';
import type { Delivered, EventsAnswer, RealtimeEvent, Room } from '@netbuild/realtime-protocol';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useWebSocket } from './context.ts';
import { paced } from './pace.ts';
import { NONE, useReadable } from './use-readable.ts';

/** The past of a room, before what is shown of it. */
export interface Earlier {
  /** `none`: all of it is here, or as much as is kept. `failed`: the last try was; it may be tried again. */
  state: 'idle' | 'loading' | 'failed' | 'none';
  /** Loads a page of it, in front of what `useHistory` gives. */
  load(): void;
}

/** A conversation that is shorter is here whole. */
const LAST = 100;

/** Events that one history may grow to. */
const MOST = 10_000;

/**
 * Loads what happened in an execution before what its history begins with, page by page.
 *
 * @example const { state, load } = useEarlier(`execution:${executionId}`);
 */
export function useEarlier(room: Room): Earlier {
  const { client } = useWebSocket();
  const history = useReadable(
    useMemo(() => paced(client.history(room)), [client, room]),
    NONE,
  );
  const [phase, setPhase] = useState<'idle' | 'loading' | 'failed'>('idle');
  /** The event before which there is nothing. Where another one is the first, there is more again. */
  const [begin, setBegin] = useState<RealtimeEvent>();
  const isLoading = useRef(false);
  const load = useCallback(async () => {
    if (isLoading.current) return;
    isLoading.current = true;
    setPhase('loading');
    let isErased = false;
    const stop = client.on('data:erased', () => {
      isErased = true;
    });
    try {
      const [first] = client.history(room).getSnapshot();
      const { epoch } = client.position ?? {};
      if (!first || epoch === undefined) throw new TypeError('nothing is shown of it');
      const pages: Delivered[][] = [];
      let before = first.seq;
      let more = true;
      // A page may hold nothing that is shown, and there would be nothing to go on from.
      while (more && !pages.flat().some(isStory)) {
        const position = encodeURIComponent(`${epoch}:${before}`);
        const page = await client.get<EventsAnswer>(
          `/v1/events?room=${encodeURIComponent(room)}&before=${position}`,
        );
        if (!page.recovered) throw new TypeError('the log has begun another life');
        pages.unshift(page.events);
        before = page.events[0]?.seq ?? before;
        more = page.more && page.events.length > 0;
      }
      // It was read before that, or before the history began anew.
      if (isErased || !client.prepend(room, first, pages.flat().filter(isStory)))
        throw new TypeError('it has changed meanwhile');
      if (!more) setBegin(client.history(room).getSnapshot()[0]);
      setPhase('idle');
    } catch (thrown) {
      // What fetch throws of a network that is away, and what is thrown above, is a TypeError.
      if (!(thrown instanceof RealtimeError || thrown instanceof TypeError || thrown instanceof SyntaxError))
        throw thrown;
      setPhase('failed');
    } finally {
      isLoading.current = false;
      stop();
    }
  }, [client, room]);
  const isWhole = history.length === 0 || history[0] === begin || history.length >= MOST;
  // Who has asked once is told of its end by its absence.
  const isShort = history.length < LAST && begin === undefined && phase === 'idle';
  return { state: isWhole || isShort ? 'none' : phase, load: () => void load() };
}

/** Whether it is a part of the story: that somebody has read, or that something was erased, is none. */
function isStory(event: Delivered): event is RealtimeEvent {
  return 'type' in event && event.type !== 'message:read' && event.type !== 'data:erased';
}
