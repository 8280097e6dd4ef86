import { useContext } from 'react';
import { WebSocketContext } from '../context.ts';
import { WebSocketProvider } from '../provider.tsx';
import { useEarlier } from '../use-earlier.ts';
import { useHistory } from '../use-history.ts';
import { useIdentity } from '../use-status.ts';
import { useChatWords } from './chat-words.ts';
import { Faces, Writing } from './company.tsx';
import { Composer } from './composer.tsx';
import { useDetail } from './detail.ts';
import { DetailChoice } from './detail-choice.tsx';
import { useKept } from './kept.ts';
import { Note } from './note.tsx';
import { type Outgoing, useOutgoing } from './outgoing.ts';
import { Timeline } from './timeline.tsx';
import { UnsentLine } from './unsent-line.tsx';

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
  const words = useChatWords();
  const me = useIdentity()?.userId;
  const room = `execution:${executionId}` as const;
  const earlier = useEarlier(room);
  const history = useHistory(
    room,
    processInstanceId === undefined ? undefined : `process:${processInstanceId}`,
  );
  const { data, status } = history;
  const [detail, setDetail] = useDetail(me);
  const [draft, setDraft] = useKept('draft', me, executionId, '', isText);
  const { left, send, tryAgain, take } = useOutgoing(executionId, me, data);
  const edit = (one: Outgoing) => {
    take(one);
    setDraft((text) => (text === '' ? one.content : `${one.content}\n${text}`));
  };
  return (
    <section className="nb-chat" data-testid="chat" data-status={status} aria-label={words.chat}>
      <div className="nb-chat-head">
        <DetailChoice detail={detail} onChange={setDetail} />
        {status === 'refused' ? null : <Faces room={room} me={me} />}
      </div>
      <Timeline
        events={data}
        detail={detail}
        me={me}
        isLive={status === 'live'}
        earlier={earlier}
        unsent={left}
        unsentLine={(one) => (
          <UnsentLine key={one.commandId} one={one} onTryAgain={tryAgain} onEdit={edit} onDiscard={take} />
        )}
      />
      <Note trust={history} isEmpty={data.length === 0 && left.length === 0} />
      <Writing executionId={executionId} />
      <Composer
        executionId={executionId}
        text={draft}
        onText={(text) => setDraft(() => text)}
        onSend={send}
        isDisabled={status === 'refused'}
      />
    </section>
  );
}

const isText = (kept: unknown): kept is string => typeof kept === 'string';
