import { useContext, useId } from 'react';
import { WebSocketContext } from '../context.ts';
import { WebSocketProvider } from '../provider.tsx';
import type { Trust } from '../trust.ts';
import { useEarlier } from '../use-earlier.ts';
import { useHistory } from '../use-history.ts';
import { useIdentity } from '../use-status.ts';
import { Faces, Writing } from './company.tsx';
import { Composer } from './composer.tsx';
import { DETAILS, useDetail } from './detail.ts';
import { Timeline } from './timeline.tsx';

/** Which execution's chat. */
export interface ReactiveWorkstreamChatProps {
  executionId: string;
  /** A process instance whose steps belong to the story, where it is not linked to the execution. */
  processInstanceId?: string | undefined;
}

/**
 * An execution's chat, with the steps of its workflow between the messages, in the log's order.
 * It stands alone: without a `WebSocketProvider` above it, it connects by itself.
 * Its looks are in `@netbuild/realtime-react/chat.css`.
 *
 * @example <ReactiveWorkstreamChat executionId="order-4711" processInstanceId={processInstanceId} />
 */
export function ReactiveWorkstreamChat(props: ReactiveWorkstreamChatProps) {
  const provided = useContext(WebSocketContext);
  if (provided) return <Chat {...props} />;
  return (
    <WebSocketProvider>
      <Chat {...props} />
    </WebSocketProvider>
  );
}

function Chat({ executionId, processInstanceId }: ReactiveWorkstreamChatProps) {
  const me = useIdentity()?.userId;
  const room = `execution:${executionId}` as const;
  const earlier = useEarlier(room);
  const history = useHistory(
    room,
    processInstanceId === undefined ? undefined : `process:${processInstanceId}`,
  );
  const { data, status } = history;
  const [detail, setDetail] = useDetail(me);
  const group = useId();
  return (
    <section className="nb-chat" data-testid="chat" data-status={status} aria-label="Chat and workflow">
      <div className="nb-chat-head">
        <fieldset className="nb-detail">
          <legend className="nb-hidden">What the timeline shows</legend>
          {DETAILS.map(({ value, label }) => (
            <label key={value} className="nb-detail-choice">
              <input
                type="radio"
                name={group}
                data-testid={`detail-${value}`}
                checked={detail === value}
                onChange={() => setDetail(value)}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        {status === 'refused' ? null : <Faces room={room} me={me} />}
      </div>
      <Timeline events={data} detail={detail} me={me} isLive={status === 'live'} earlier={earlier} />
      <Note trust={history} isEmpty={data.length === 0} />
      <Writing executionId={executionId} />
      <Composer executionId={executionId} isDisabled={status === 'refused'} />
    </section>
  );
}

function Note({ trust: { status, error, isKnown }, isEmpty }: { trust: Trust; isEmpty: boolean }) {
  const words =
    status === 'refused'
      ? (error?.message ?? 'This conversation is not available.')
      : !isKnown
        ? status === 'offline'
          ? 'There is no connection. The conversation comes as soon as there is one.'
          : 'Loading the conversation …'
        : status === 'offline'
          ? 'There is no connection: this may have moved on.'
          : status === 'stale'
            ? 'Not confirmed just now: this may have moved on.'
            : isEmpty
              ? 'Nothing has been said here yet.'
              : undefined;
  return words ? (
    <p className="nb-note" role="status" data-testid="chat-note">
      {words}
    </p>
  ) : null;
}
