import { useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import { messagesOf } from './badges.tsx';
import type { Standing } from './standing.ts';
import { WORDS } from './words.ts';

interface FailuresProps {
  standing: Standing;
  onClose: () => void;
}

/**
 * What has failed at an element, at one place of the diagram where nothing cuts it off. To a screen reader the badge
 * says the same when it is reached.
 */
export function Failures({ standing, onClose }: FailuresProps) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  return (
    <div className="nb-diagram-failures" data-testid="diagram-failures">
      <div>
        <p className="nb-standing-name">{standing.name}</p>
        {messagesOf(standing, words, number).map((message) => (
          <p key={message}>{message}</p>
        ))}
      </div>
      <button type="button" aria-label={words.close} onClick={onClose}>
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}
