import { useId } from 'react';
import { useChatWords } from './chat-words.ts';
import { DETAILS, type Detail } from './detail.ts';

/** How much of the workflow stands between the messages, to choose. */
export function DetailChoice({ detail, onChange }: { detail: Detail; onChange: (detail: Detail) => void }) {
  const words = useChatWords();
  const group = useId();
  return (
    <fieldset className="nb-detail">
      <legend className="nb-hidden">{words.detail}</legend>
      {DETAILS.map((value) => (
        <label key={value} className="nb-detail-choice">
          <input
            type="radio"
            name={group}
            data-testid={`detail-${value}`}
            checked={detail === value}
            onChange={() => onChange(value)}
          />
          <span>{words.levels[value]}</span>
        </label>
      ))}
    </fieldset>
  );
}
