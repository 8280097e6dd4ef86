import { MessageText } from '../chat/message-text.tsx';
import { useSpeech, withSpeech } from '../chat/speech.ts';
import { useView } from '../use-view.ts';

/** What an agent has said so far, as it comes. */
export function Answer({ messageId }: { messageId: string }) {
  const [message] = useView('messages', { id: messageId }).data;
  const text = withSpeech(message?.data.content ?? '', useSpeech().get(messageId));
  return text === '' ? null : (
    <div className="nb-quote nb-answer" data-testid="agent-text">
      <MessageText text={text} />
    </div>
  );
}
