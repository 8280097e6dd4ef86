import type { ErrorDetails } from '@netbuild/realtime-client';
import { useWords } from '../locale/locale.tsx';
import { Button } from './button.tsx';
import { useErrorWords } from './error-words.ts';

const WORDS = { en: { close: 'Close this message' }, de: { close: 'Diese Meldung schließen' } };

interface RefusalProps {
  error: ErrorDetails;
  /** Who was faster, where somebody was. */
  by?: string | undefined;
  /** Stable name, for tests. */
  name: string;
  onClose?: () => void;
}

/** Why something was not done, in words, at the place where it was asked for. */
export function Refusal({ error, by, name, onClose }: RefusalProps) {
  const words = useWords(WORDS);
  const errorWords = useErrorWords();
  return (
    <div className="nb-refusal">
      <p role="alert" data-testid={name} data-code={error.code}>
        {errorWords(error, by)}
      </p>
      {onClose ? (
        <Button aria-label={words.close} onPress={onClose}>
          <span aria-hidden="true">×</span>
        </Button>
      ) : null}
    </div>
  );
}
