import { isOf } from '@netbuild/realtime-client';
import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import { memo } from 'react';
import { describe } from './describe.ts';
import { LineActions } from './line-actions.tsx';
import { MessageText } from './message-text.tsx';
import { type Piece, withSpeech } from './speech.ts';

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** One event, as one line of the timeline. Its attributes name the event, for tests and measurements. */
export const TimelineLine = memo(function TimelineLine({
  event,
  me,
  speech,
  isActed,
}: {
  event: RealtimeEvent;
  me: string | undefined;
  /** What an agent is saying in it, of which it may not have all yet. */
  speech?: Piece | undefined;
  /** It is the newest of its subject, about which something may be done. */
  isActed: boolean;
}) {
  const attributes = {
    'data-testid': 'timeline-line',
    'data-event-id': event.id,
    'data-event-type': event.type,
    'data-seq': event.seq,
    ...(event.committedAt === undefined ? {} : { 'data-committed-at': event.committedAt }),
  };
  if (isOf('message', event) && event.data.content !== undefined) {
    const { userId, agent, content, timestamp, edited } = event.data;
    const isMine = userId === me;
    return (
      // Read out when it is done, and not at each word.
      <li
        className={`nb-message ${isMine ? 'nb-message--mine' : ''}`}
        aria-busy={speech ? true : undefined}
        {...attributes}
      >
        <div className="nb-message-head">
          <span className="nb-message-author">{isMine ? 'You' : (agent ?? userId)}</span>
          {agent ? <span className="nb-message-agent">agent</span> : null}
          <Clock time={timestamp} />
          {edited ? <span className="nb-line-aside">edited</span> : null}
        </div>
        <MessageText text={withSpeech(content, speech)} />
      </li>
    );
  }
  const { text, aside, tone, level } = describe(event);
  return (
    <li className={`nb-line nb-line--${tone} nb-line--${level}`} {...attributes}>
      <span className="nb-line-dot" aria-hidden="true" />
      <span className="nb-line-words">
        <span className="nb-line-text">{text}</span>
        {aside ? <span className="nb-line-aside"> {aside}</span> : null}
      </span>
      <Clock time={event.time} />
      {isActed ? <LineActions event={event} me={me} about={text} /> : null}
    </li>
  );
});

function Clock({ time }: { time: string }) {
  return (
    <time className="nb-clock" dateTime={time} suppressHydrationWarning>
      {CLOCK.format(new Date(time))}
    </time>
  );
}
