import { isOf, type Row } from '@netbuild/realtime-client';
import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import { useEffect, useMemo, useRef } from 'react';
import { useBeforePaint } from '../use-before-paint.ts';
import type { Earlier } from '../use-earlier.ts';
import { hasActions } from './actions.ts';
import { describe } from './describe.ts';
import type { Detail } from './detail.ts';
import { useMarkdownThere } from './message-text.tsx';
import { isSpeaking, useSpeech } from './speech.ts';
import { TimelineLine } from './timeline-line.tsx';

/** Distance from the end, in pixels, within which a reader counts as being at the end. */
const NEAR = 80;

interface TimelineProps {
  events: readonly RealtimeEvent[];
  detail: Detail;
  me: string | undefined;
  isLive: boolean;
  earlier: Earlier;
}

/** The story of an execution: messages and workflow lines in the log's order, each event once. */
export function Timeline({ events, detail, me, isLive, earlier }: TimelineProps) {
  const now = useMemo(() => asNow(events), [events]);
  const shown = useMemo(() => now.filter((event) => isShown(event, detail)), [now, detail]);
  const newest = useMemo(() => new Map(shown.map(({ subject, id }) => [subject, id])), [shown]);
  const speech = useSpeech();
  const speaking = useMemo(() => new Set(now.filter(isSpeaking).map(({ data }) => data.messageId)), [now]);
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const top = useRef(0);
  // A text that is taken apart only now is higher than it was. To watch the size of the list would cost each line a frame.
  const isMarkdownThere = useMarkdownThere();
  // Who reads further up stays there; who is at the end follows it. Once a frame and before it is painted:
  // to ask for the height at each change would lay the page out at each change. Runs when there are other lines.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
    });
    return () => cancelAnimationFrame(frame);
  }, [shown, speech, isMarkdownThere]);
  const list = useRef<HTMLOListElement>(null);
  // What comes in front must not move what somebody reads: what stood first goes down by what is now above it.
  const first = useRef<string>(undefined);
  useBeforePaint(() => {
    const { current } = list;
    const before = shown.findIndex(({ id }) => id === first.current);
    first.current = shown[0]?.id;
    if (before < 1 || isAtEnd.current || !current || !box.current) return;
    const line = current.children[before] as HTMLElement;
    const margin = Number.parseFloat(getComputedStyle(line).marginTop) || 0;
    box.current.scrollTop += line.offsetTop - current.offsetTop - margin;
  }, [shown]);
  return (
    <div
      className="nb-timeline-box"
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      role="log"
      aria-label="Timeline"
      aria-live={isLive ? 'polite' : 'off'}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        // Lines that came meanwhile lengthen the way to the end; only who goes up leaves it.
        const isNear = scrollHeight - scrollTop - clientHeight < NEAR;
        isAtEnd.current = isNear || (isAtEnd.current && scrollTop >= top.current);
        top.current = scrollTop;
      }}
    >
      <EarlierButton earlier={earlier} />
      <ol className="nb-timeline" ref={list} data-testid="timeline">
        {shown.map((event) => (
          <TimelineLine
            key={event.id}
            event={event}
            me={me}
            speech={
              isOf('message', event) && speaking.has(event.data.messageId)
                ? speech.get(event.data.messageId)
                : undefined
            }
            isActed={hasActions(event) && newest.get(event.subject) === event.id}
          />
        ))}
      </ol>
    </div>
  );
}

/** The way to what happened before. */
function EarlierButton({ earlier: { state, load } }: { earlier: Earlier }) {
  const wasThere = useRef(false);
  if (state !== 'none') wasThere.current = true;
  // In the place of the button, so that nothing moves.
  if (state === 'none')
    return wasThere.current ? <p className="nb-earlier">This is where it begins.</p> : null;
  return (
    <div className="nb-earlier">
      {state === 'failed' ? <span role="alert">Earlier events could not be loaded.</span> : null}
      <button
        type="button"
        className="nb-earlier-button"
        data-testid="load-earlier"
        aria-disabled={state === 'loading'}
        onClick={load}
      >
        {state === 'loading' ? 'Loading …' : state === 'failed' ? 'Try again' : 'Load earlier'}
      </button>
    </div>
  );
}

/**
 * Messages stand where they were said, as they read now, and agents where they began, as they are. How far somebody has
 * read is no part of the story.
 */
function asNow(events: readonly RealtimeEvent[]): RealtimeEvent[] {
  const said = new Map<string, RealtimeEvent>();
  for (const event of events)
    if (standsStill(event)) {
      const first = said.get(event.subject);
      const { data, type } = event;
      said.set(event.subject, first ? { ...first, data, ...(isOf('agent', event) && { type }) } : event);
    }
  return events.flatMap((event) => {
    if (isOf('read', event)) return [];
    if (!standsStill(event)) return [event];
    const now = said.get(event.subject)!;
    return now.id === event.id ? [now] : [];
  });
}

function standsStill(event: RealtimeEvent): event is Row<'message'> | Row<'agent'> {
  return isOf('message', event) || isOf('agent', event);
}

function isShown(event: RealtimeEvent, detail: Detail): boolean {
  return (
    detail === 'steps' ||
    isOf('message', event) ||
    (detail === 'workflow' && describe(event).level === 'workflow')
  );
}
