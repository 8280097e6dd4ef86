import type { ErrorDetails } from '@netbuild/realtime-client';
import { useErrorWords } from '../parts/error-words.ts';
import { useStatus } from '../use-status.ts';
import { useChatWords } from './chat-words.ts';
import { MessageText } from './message-text.tsx';
import type { Outgoing } from './outgoing.ts';

interface UnsentLineProps {
  one: Outgoing;
  onTryAgain(one: Outgoing): void;
  onEdit(one: Outgoing): void;
  onDiscard(one: Outgoing): void;
}

/** A message of our own that is not there yet: it is on its way, or was not sent, and why. */
export function UnsentLine({ one, onTryAgain, onEdit, onDiscard }: UnsentLineProps) {
  const words = useChatWords();
  const errorWords = useErrorWords();
  const isConnected = ['live', 'catching-up', 'stale'].includes(useStatus().state);
  const { content, error } = one;
  const buttons = [
    ['unsent-again', words.tryAgain, onTryAgain],
    ['unsent-edit', words.edit, onEdit],
    ['unsent-discard', words.discard, onDiscard],
  ] as const;
  return (
    <li
      className={`nb-message nb-message--mine nb-message--${error ? 'failed' : 'pending'}`}
      data-testid="unsent-line"
      data-state={error ? 'failed' : 'pending'}
    >
      <MessageText text={content} />
      {error ? (
        <>
          <p className="nb-message-failure" role="alert" data-testid="unsent-error" data-code={error.code}>
            {words.notSent(errorWords(error as ErrorDetails))}
          </p>
          <div className="nb-line-actions">
            {buttons.map(([name, label, act]) => (
              <button
                key={name}
                type="button"
                className="nb-action"
                data-testid={name}
                aria-label={`${label}: ${content.slice(0, 80)}`}
                onClick={() => act(one)}
              >
                {label}
              </button>
            ))}
          </div>
        </>
      ) : (
        <p className="nb-message-way">{isConnected ? words.sending : words.waiting}</p>
      )}
    </li>
  );
}
