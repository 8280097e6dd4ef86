import { useEarlier } from '../use-earlier.ts';
import { useHistory } from '../use-history.ts';
import { useIdentity } from '../use-status.ts';
import { useChatWords } from './chat-words.ts';
import { Note } from './note.tsx';
import { Timeline } from './timeline.tsx';

/** Whose story, and how much of it. */
export interface WorkstreamTimelineProps {
  executionId: string;
  /** A process instance whose steps belong to the story, where it is not linked to the execution. */
  processInstanceId?: string | undefined;
  /** `steps`: each step of the workflow; `workflow`: what matters to people; `chat`: messages alone. Default `workflow`. */
  detail?: 'chat' | 'workflow' | 'steps' | undefined;
}

/**
 * What has happened in an execution, in the log's order, as it goes on: the chat without its writing.
 * It needs a `WebSocketProvider` above it. Its looks are in `@netbuild/realtime-react/chat.css`.
 *
 * @example <WorkstreamTimeline executionId="order-4711" detail="steps" />
 */
export function WorkstreamTimeline({
  executionId,
  processInstanceId,
  detail = 'workflow',
}: WorkstreamTimelineProps) {
  const room = `execution:${executionId}` as const;
  const words = useChatWords();
  const me = useIdentity()?.userId;
  const history = useHistory(
    room,
    processInstanceId === undefined ? undefined : `process:${processInstanceId}`,
  );
  const { data, status } = history;
  return (
    <section className="nb-chat" data-testid="story" data-status={status} aria-label={words.timeline}>
      <Timeline
        events={data}
        detail={detail}
        me={me}
        isLive={status === 'live'}
        earlier={useEarlier(room)}
        unsent={[]}
        unsentLine={() => null}
      />
      <Note trust={history} isEmpty={data.length === 0} />
    </section>
  );
}
