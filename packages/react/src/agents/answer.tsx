import { useId, useState } from 'react';
import { MessageText } from '../chat/message-text.tsx';
import { useSpeech, withSpeech } from '../chat/speech.ts';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { useView } from '../use-view.ts';

/** Characters that stand in the lines which are shown at first. */
const FEW = 160;

const WORDS = {
  en: { more: 'Show all of it', less: 'Show less' },
  de: { more: 'Alles zeigen', less: 'Weniger zeigen' },
};

/** What an agent has said so far, as it comes; at first the beginning of it, since the chat has it, too. */
export function Answer({ messageId }: { messageId: string }) {
  const words = useWords(WORDS);
  const id = useId();
  const [isWhole, setWhole] = useState(false);
  const [message] = useView('messages', { id: messageId }).data;
  const text = withSpeech(message?.data.content ?? '', useSpeech().get(messageId));
  if (text === '') return null;
  return (
    <div className="nb-quote">
      <div id={id} className={isWhole ? '' : 'nb-answer--short'} data-testid="agent-text">
        <MessageText text={text} />
      </div>
      {text.length > FEW ? (
        <div className="nb-card-minor">
          <Button aria-expanded={isWhole} aria-controls={id} onPress={() => setWhole(!isWhole)}>
            {isWhole ? words.less : words.more}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
