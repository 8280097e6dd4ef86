import { type FormEvent, type KeyboardEvent, useId } from 'react';
import { useSayTyping } from '../use-typing.ts';
import { useChatWords } from './chat-words.ts';

interface ComposerProps {
  executionId: string;
  text: string;
  onText(text: string): void;
  onSend(text: string): void;
  isDisabled: boolean;
}

/** Where a person writes. Enter sends, and Shift + Enter begins another line. */
export function Composer({ executionId, text, onText, onSend, isDisabled }: ComposerProps) {
  const words = useChatWords();
  const fieldId = useId();
  const sayTyping = useSayTyping(executionId);
  const isEmpty = text.trim() === '';
  const send = () => {
    if (isEmpty || isDisabled) return;
    onSend(text.trim());
    onText('');
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends the choice of a character is none of ours.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form className="nb-composer" onSubmit={onSubmit}>
      <label className="nb-hidden" htmlFor={fieldId}>
        {words.message}
      </label>
      <textarea
        id={fieldId}
        className="nb-composer-field"
        data-testid="composer-input"
        placeholder={words.placeholder}
        rows={1}
        value={text}
        onChange={({ target: { value } }) => {
          onText(value);
          if (value.trim() !== '' && !isDisabled) sayTyping();
        }}
        onKeyDown={onKeyDown}
        aria-describedby={`${fieldId}-hint`}
      />
      <button
        className="nb-composer-send"
        type="submit"
        data-testid="composer-send"
        disabled={isDisabled || isEmpty}
      >
        {words.send}
      </button>
      <p className="nb-composer-hint" id={`${fieldId}-hint`}>
        {words.hint}
      </p>
    </form>
  );
}
