import { type ErrorDetails, newId, RealtimeError } from '@netbuild/realtime-client';
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import { useWebSocket } from '../context.ts';
import { useSayTyping } from '../use-typing.ts';
import { useView } from '../use-view.ts';
import { mentionsIn } from './mentions.ts';

/** The most people that one message may name; the server takes no more. */
const MOST_MENTIONS = 50;

const NOBODY: readonly string[] = [];

/** Where a person writes. What is refused comes back into the field. */
export function Composer({ executionId, isDisabled }: { executionId: string; isDisabled: boolean }) {
  const { client } = useWebSocket();
  const [text, setText] = useState('');
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState<ErrorDetails>();
  // A text without an answer that is sent again, unchanged, is the same command: it must not be said twice.
  const doubtful = useRef<{ content: string; commandId: string }>(undefined);
  const fieldId = useId();
  const sayTyping = useSayTyping(executionId);
  const people = useView('executions', { id: executionId }).data[0]?.data.participants ?? NOBODY;

  const send = async () => {
    const content = text.trim();
    if (content === '' || isDisabled) return;
    const commandId = doubtful.current?.content === content ? doubtful.current.commandId : undefined;
    doubtful.current = undefined;
    setText('');
    setError(undefined);
    setWaiting((count) => count + 1);
    const id = commandId ?? newId();
    try {
      // Who is named hears of it wherever they are.
      const mentions = mentionsIn(content, people).slice(0, MOST_MENTIONS);
      const named = mentions.length > 0 ? { mentions } : {};
      await client.command('message:send', { executionId, content, ...named, commandId: id });
    } catch (thrown) {
      if (!(thrown instanceof RealtimeError)) throw thrown;
      if (thrown.code === 'timeout') doubtful.current = { content, commandId: id };
      setError(thrown.details);
      setText((meanwhile) => (meanwhile === '' ? content : `${content}\n${meanwhile}`));
    } finally {
      setWaiting((count) => count - 1);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };

  return (
    <form className="nb-composer" onSubmit={onSubmit}>
      {error ? (
        <p className="nb-composer-error" role="alert" data-testid="composer-error" data-code={error.code}>
          Not sent: {error.message}
        </p>
      ) : null}
      <label className="nb-hidden" htmlFor={fieldId}>
        Message
      </label>
      <textarea
        id={fieldId}
        className="nb-composer-field"
        data-testid="composer-input"
        placeholder="Write a message"
        rows={1}
        value={text}
        onChange={({ target: { value } }) => {
          setText(value);
          if (value.trim() !== '' && !isDisabled) sayTyping();
        }}
        onKeyDown={onKeyDown}
        aria-describedby={`${fieldId}-hint`}
      />
      <button
        className="nb-composer-send"
        type="submit"
        data-testid="composer-send"
        disabled={isDisabled || text.trim() === ''}
      >
        Send
      </button>
      <p className="nb-composer-hint" id={`${fieldId}-hint`} aria-live="polite">
        {waiting > 0 ? 'Sending …' : 'Enter sends, Shift + Enter starts a new line.'}
      </p>
    </form>
  );
}
