import { isOf } from '@netbuild/realtime-client';
import { type ReactNode, useMemo, useRef } from 'react';
import { useFormats } from '../locale/formats.ts';
import { useBeforePaint } from '../use-before-paint.ts';
import type { Earlier } from '../use-earlier.ts';
import { hasActions } from './actions.ts';
import { Announcer } from './announcer.tsx';
import { useChatWords } from './chat-words.ts';
import type { Detail } from './detail.ts';
import { EarlierButton } from './earlier-button.tsx';
import { useEventWords } from './event-words.ts';
import { useMarkdownThere } from './message-text.tsx';
import type { Outgoing } from './outgoing.ts';
import { type Page, pagesOf } from './pages.ts';
import { isSpeaking, useSpeech } from './speech.ts';
import { asNow, isOnItsWay, isShown, type StoryEvent } from './story.ts';
import { TimelineLine } from './timeline-line.tsx';
import { useFilled } from './use-filled.ts';
import { useScroll } from './use-scroll.ts';

/**
 * Lines up to which all of them stand, so that the browser's own search finds each. What comes by itself is never more
 * than that; beyond it is who has loaded earlier pages, and for them what is far away is a gap.
 */
const WHOLE = 500;

interface TimelineProps {
  events: readonly StoryEvent[];
  detail: Detail;
  me: string | undefined;
  isLive: boolean;
  earlier: Earlier;
  /** What the server has not confirmed, after all lines. */
  unsent: readonly Outgoing[];
  unsentLine(one: Outgoing): ReactNode;
}

/** The story of an execution: messages and workflow lines in the log's order, each event once. */
export function Timeline({ events, detail, me, isLive, earlier, unsent, unsentLine }: TimelineProps) {
  const words = useChatWords();
  const now = useMemo(() => {
    // What we have said ourselves and is not confirmed stands behind all lines.
    const ours = new Set(unsent.map(({ commandId }) => commandId));
    return asNow(events).filter((event) => !(isOnItsWay(event) && ours.has(event.commandId!)));
  }, [events, unsent]);
  const story = useShown(now, detail);
  const pages = usePages(story, detail);
  useFilled(story.length, detail, isLive, earlier);
  const newest = useMemo(() => new Map(story.map(({ subject, id }) => [subject, id])), [story]);
  const speech = useSpeech();
  const speaking = useMemo(() => new Set(now.filter(isSpeaking).map(({ data }) => data.messageId)), [now]);
  // A text that is taken apart only now is higher than it was.
  const isMarkdownThere = useMarkdownThere();
  const isCut = story.length > WHOLE;
  const { box, list, onScroll, onKeyDown, gapOf, leftAt, follow, toEnd } = useScroll(pages, isCut, [
    speech,
    isMarkdownThere,
    unsent,
  ]);
  // Who says something wants to see it said.
  const given = useRef(0);
  useBeforePaint(() => {
    if (unsent.length > given.current) follow();
    given.current = unsent.length;
  }, [unsent, follow]);
  const toCome = useMemo(
    () => (leftAt === undefined ? 0 : story.length - 1 - story.findLastIndex(({ seq }) => seq <= leftAt)),
    [story, leftAt],
  );
  const line = (event: StoryEvent, place: number) => (
    <TimelineLine
      key={event.id}
      event={event}
      me={me}
      place={isCut ? place : undefined}
      speech={
        isOf('message', event) && speaking.has(event.data.messageId)
          ? speech.get(event.data.messageId)
          : undefined
      }
      isActed={hasActions(event) && newest.get(event.subject) === event.id}
    />
  );
  return (
    <div className="nb-timeline-frame">
      <div
        className="nb-timeline-box"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        role="log"
        aria-label={words.timeline}
        // What is new is read out by the announcer.
        aria-live="off"
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <EarlierButton earlier={earlier} />
        <ol className="nb-timeline" ref={list} data-testid="timeline">
          {pages.flatMap((page) => {
            const gap = gapOf(page);
            return gap === undefined
              ? page.events.map((event, i) => line(event, page.start + i + 1))
              : [<Gap key={`gap ${page.key}`} height={gap} />];
          })}
          {unsent.map(unsentLine)}
        </ol>
      </div>
      {toCome > 0 ? (
        <button
          type="button"
          className="nb-to-end"
          data-testid="to-end"
          title={words.toEndHint}
          onClick={toEnd}
        >
          {words.toEnd(toCome)} <span aria-hidden="true">↓</span>
        </button>
      ) : null}
      <Announcer story={story} me={me} isLive={isLive} speaking={speaking} />
    </div>
  );
}

/** In the place of lines that are far away. */
function Gap({ height }: { height: number }) {
  return <li role="presentation" data-gap="" aria-hidden="true" style={{ height }} />;
}

/** What a level of detail shows. To put all in words again at each event would cost more than to show it. */
function useShown(now: readonly StoryEvent[], detail: Detail): readonly StoryEvent[] {
  const words = useEventWords();
  const formats = useFormats();
  const known = useMemo(() => {
    const shown = new WeakMap<StoryEvent, boolean>();
    return (event: StoryEvent): boolean => {
      const is = shown.get(event) ?? isShown(event, detail, words, formats);
      shown.set(event, is);
      return is;
    };
  }, [detail, words, formats]);
  return useMemo(() => now.filter(known), [now, known]);
}

function usePages(story: readonly StoryEvent[], detail: Detail): readonly Page[] {
  const cut = useRef<{ detail: Detail; pages: readonly Page[] }>(undefined);
  const pages = useMemo(
    () => pagesOf(story, cut.current?.detail === detail ? cut.current.pages : []),
    [story, detail],
  );
  cut.current = { detail, pages };
  return pages;
}
