import { isOf } from '@netbuild/realtime-client';
import { memo } from 'react';
import { useFormats } from '../locale/formats.ts';
import { useChatWords } from './chat-words.ts';
import { describe } from './describe.ts';
import { useEventWords } from './event-words.ts';
import { LineActions } from './line-actions.tsx';
import { MessageText } from './message-text.tsx';
import { type Piece, withSpeech } from './speech.ts';
import { isOnItsWay, type StoryEvent } from './story.ts';

/** One event, as one line of the timeline. Its attributes name the event, for tests and measurements. */
export const TimelineLine = memo(function TimelineLine({
  event,
  me,
  place,
  speech,
  isActed,
}: {
  event: StoryEvent;
  me: string | undefined;
  /** Which line it is, from 1, where some of the others do not stand. */
  place?: number | undefined;
  /** What an agent is saying in it, of which it may not have all yet. */
  speech?: Piece | undefined;
  /** It is the newest of its subject, about which something may be done. */
  isActed: boolean;
}) {
  const words = useChatWords();
  const eventWords = useEventWords();
  const formats = useFormats();
  const isPending = event.pending !== undefined;
  const attributes = {
    ...(isOnItsWay(event) ? { 'data-testid': 'timeline-pending' } : attributesOf(event)),
    // How many there are would have each line written anew at each new one.
    ...(place === undefined ? {} : { 'aria-posinset': place, 'aria-setsize': -1 }),
  };
  if (isOf('message', event) && event.data.content !== undefined) {
    const { userId, agent, content, timestamp, edited } = event.data;
    const isMine = userId === me;
    return (
      // Read out when it is done, and not at each word.
      <li
        className={`nb-message ${isMine ? 'nb-message--mine' : ''} ${isPending ? 'nb-message--pending' : ''}`}
        aria-busy={speech ? true : undefined}
        {...attributes}
      >
        <div className="nb-message-head">
          <span className="nb-message-author">{isMine ? words.you : (agent ?? userId)}</span>
          {agent ? <span className="nb-message-agent">{words.agent}</span> : null}
          <Clock time={timestamp} />
          {edited ? <span className="nb-line-aside">{words.edited}</span> : null}
        </div>
        <MessageText text={withSpeech(content, speech)} />
      </li>
    );
  }
  const { text, aside, tone, level } = describe(event, eventWords, formats);
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

/** What names an event of the log. */
function attributesOf({ id, type, seq, committedAt }: StoryEvent) {
  return {
    'data-testid': 'timeline-line',
    'data-event-id': id,
    'data-event-type': type,
    'data-seq': seq,
    ...(committedAt === undefined ? {} : { 'data-committed-at': committedAt }),
  };
}

function Clock({ time }: { time: string }) {
  const formats = useFormats();
  return (
    <time className="nb-clock" dateTime={time} title={formats.moment(time)} suppressHydrationWarning>
      {formats.clock(time)}
    </time>
  );
}
