import { isOf } from '@netbuild/realtime-client';
import { useEffect, useRef, useState } from 'react';
import { useFormats } from '../locale/formats.ts';
import { useChatWords } from './chat-words.ts';
import { describe } from './describe.ts';
import { useEventWords } from './event-words.ts';
import { isOnItsWay, type StoryEvent } from './story.ts';

/** Milliseconds between two announcements. */
const PAUSE = 1000;

/** Entries that are read out one by one; of more it is said how many they are. */
const MOST = 3;

/** Letters of a message that are read out. */
const LONG = 300;

interface AnnouncerProps {
  story: readonly StoryEvent[];
  me: string | undefined;
  isLive: boolean;
  /** Messages that an agent is still saying; each is read out when it is done. */
  speaking: ReadonlySet<string | undefined>;
}

/**
 * Reads out what is new at the end, to whoever listens: once a second at most, and many as a number. The timeline itself
 * is silent, for lines come and go there while somebody scrolls.
 */
export function Announcer({ story, me, isLive, speaking }: AnnouncerProps) {
  const words = useChatWords();
  const eventWords = useEventWords();
  const formats = useFormats();
  const [said, setSaid] = useState({ count: 0, text: '' });
  /** Up to where everything was read out, or was there before. */
  const until = useRef<number>(undefined);
  /** What was begun and is not read out yet. */
  const open = useRef<ReadonlySet<string>>(new Set());
  const notBefore = useRef(0);
  // A busy page shows it later than it was decided; it is heard from then on.
  useEffect(() => {
    if (said.count > 0) notBefore.current = Date.now() + PAUSE;
  }, [said.count]);
  useEffect(() => {
    if (!isLive) return;
    const last = story.findLast((event) => !isOnItsWay(event))?.seq ?? 0;
    if (until.current === undefined) {
      until.current = last;
      return;
    }
    const timer = setTimeout(
      () => {
        const since = until.current!;
        const isTold = (event: StoryEvent): boolean =>
          (event.seq > since || open.current.has(event.id)) &&
          !isOnItsWay(event) &&
          !(isOf('message', event) && event.data.userId === me);
        const isOpen = (event: StoryEvent): boolean =>
          isOf('message', event) && speaking.has(event.data.messageId);
        const fresh = newest(story, since, open.current.size > 0).filter(isTold);
        open.current = new Set(fresh.filter(isOpen).map(({ id }) => id));
        until.current = Math.max(since, last);
        const told = fresh.filter((event) => !isOpen(event));
        if (told.length === 0) return;
        notBefore.current = Date.now() + PAUSE;
        const text =
          told.length > MOST
            ? words.manyNew(formats.number(told.length))
            : told
                .map((event) =>
                  isOf('message', event) && event.data.content !== undefined
                    ? words.said(event.data.agent ?? event.data.userId, event.data.content.slice(0, LONG))
                    : describe(event, eventWords, formats).text,
                )
                .join('. ');
        setSaid(({ count }) => ({ count: count + 1, text }));
      },
      Math.max(0, notBefore.current - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [story, me, isLive, speaking, words, eventWords, formats]);
  return (
    <div className="nb-hidden" role="status" data-testid="announcer">
      {/* Another element each time, so that the same words are read out twice where they are said twice. */}
      <span key={said.count}>{said.text}</span>
    </div>
  );
}

/** The end of a story after a place; all of it where what began before that may be meant. */
function newest(story: readonly StoryEvent[], since: number, isAll: boolean): readonly StoryEvent[] {
  if (isAll) return story;
  let at = story.length;
  while (at > 0 && story[at - 1]!.seq > since) at--;
  return story.slice(at);
}
