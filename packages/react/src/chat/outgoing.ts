import { type ErrorDetails, newId, RealtimeError } from '@netbuild/realtime-client';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useWebSocket } from '../context.ts';
import { atOnce } from '../pace.ts';
import { useKept } from './kept.ts';
import { mentionsIn } from './mentions.ts';
import type { StoryEvent } from './story.ts';

/** A message of our own that the server has not confirmed; without an `error` it is on its way. */
export interface Outgoing {
  commandId: string;
  content: string;
  /** Whom it names: they hear of it wherever they are. Found once, since the same command has to stay the same. */
  mentions?: readonly string[];
  /** When it was given, in epoch milliseconds. */
  since: number;
  error?: Pick<ErrorDetails, 'code' | 'message'>;
}

/** Milliseconds after which nobody expects any more that something goes out by itself. */
const FORGOTTEN = 5 * 60_000;

/** After these it may have been said all the same: whoever tries again asks under the same id, and it is said once. */
const DOUBTFUL = ['timeout', 'in_doubt', 'disconnected', 'abandoned', 'expired'];

/** The most people that one message may name; the server takes no more. */
const MOST_MENTIONS = 50;

const NONE: readonly Outgoing[] = [];

const isOutgoing = (kept: unknown): kept is readonly Outgoing[] =>
  Array.isArray(kept) &&
  kept.every((one) => typeof one?.commandId === 'string' && typeof one.content === 'string');

/** The messages that we have sent and that are not there yet. They survive a reload, and then go on. */
export interface Outbox {
  left: readonly Outgoing[];
  send(content: string): void;
  tryAgain(one: Outgoing): void;
  /** Takes one out, to be written anew or not at all. */
  take(one: Outgoing): void;
}

/**
 * Sends messages to an execution.
 *
 * @param events the story, by which it is seen that a message has arrived
 */
export function useOutgoing(
  executionId: string,
  me: string | undefined,
  events: readonly StoryEvent[],
): Outbox {
  const { client } = useWebSocket();
  const [all, change] = useKept('unsent', me, executionId, NONE, isOutgoing);
  /** What is under way now, and not since before a reload. */
  const underWay = useRef(new Set<string>());
  /** What was taken out to be written anew; unchanged, it is the same. */
  const taken = useRef<Outgoing>(undefined);

  const without = useCallback(
    (commandId: string) =>
      change((before) => {
        const rest = before.filter((one) => one.commandId !== commandId);
        return rest.length > 0 ? rest : NONE;
      }),
    [change],
  );
  const give = useCallback(
    async ({ error: _, ...one }: Outgoing) => {
      const { commandId, content, mentions = [] } = one;
      underWay.current.add(commandId);
      change((before) => [...before.filter((other) => other.commandId !== commandId), one]);
      try {
        const named = mentions.length > 0 ? { mentions: [...mentions] } : {};
        const done = await atOnce(() =>
          client.command('message:send', { executionId, content, ...named, commandId }),
        );
        // It stays until it stands in the story, or it would be gone in between.
        await client.ready(done).catch(() => undefined);
        without(commandId);
      } catch (thrown) {
        if (!(thrown instanceof RealtimeError)) throw thrown;
        const { code, message } = thrown.details;
        change((before) =>
          before.map((other) =>
            other.commandId === commandId ? { ...one, error: { code, message } } : other,
          ),
        );
      } finally {
        underWay.current.delete(commandId);
      }
    },
    [client, executionId, change, without],
  );

  const left = useMemo(() => {
    const said = new Set(all.length === 0 ? [] : events.filter(isSaid).map(({ commandId }) => commandId));
    return all.filter(({ commandId }) => !said.has(commandId));
  }, [all, events]);

  // What a reload has left on its way goes on under its id; what is there by now is done.
  useEffect(() => {
    for (const one of all) {
      if (underWay.current.has(one.commandId)) continue;
      if (!left.includes(one)) without(one.commandId);
      else if (!one.error && Date.now() - one.since < FORGOTTEN) void give(one);
      else if (!one.error)
        change((before) => before.map((other) => (other === one ? forgotten(one) : other)));
    }
  }, [all, left, give, without, change]);

  const begin = (content: string) => {
    const [execution] = client.view('executions', { id: executionId }).getSnapshot();
    const mentions = mentionsIn(content, execution?.data.participants ?? []).slice(0, MOST_MENTIONS);
    void give({ commandId: newId(), content, mentions, since: Date.now() });
  };

  return {
    left,
    send(content) {
      const again = taken.current;
      taken.current = undefined;
      if (again?.content === content && isDoubtful(again)) void give({ ...again, since: Date.now() });
      else begin(content);
    },
    tryAgain(one) {
      if (isDoubtful(one)) {
        void give({ ...one, since: Date.now() });
        return;
      }
      without(one.commandId);
      begin(one.content);
    },
    take(one) {
      taken.current = one;
      without(one.commandId);
    },
  };
}

const isDoubtful = ({ error }: Outgoing): boolean => DOUBTFUL.includes(error?.code ?? '');

const isSaid = ({ pending }: StoryEvent): boolean => pending === undefined;

const forgotten = (one: Outgoing): Outgoing => ({
  ...one,
  error: { code: 'timeout', message: 'It was left on its way too long ago.' },
});
