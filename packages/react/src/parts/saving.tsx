import type { Row } from '@netbuild/realtime-client';
import { useWords } from '../locale/locale.tsx';

const WORDS = { en: { saving: 'Saving …' }, de: { saving: 'Wird gespeichert …' } };

/** Whether a row shows something that was asked for and is not confirmed yet. */
export function isPending(row: Row): boolean {
  return row.pending !== undefined;
}

/** Says quietly that something is not confirmed yet. It is always there, so that a screen reader hears it change. */
export function Saving({ isSaving }: { isSaving: boolean }) {
  const words = useWords(WORDS);
  return (
    <p className={isSaving ? 'nb-saving' : 'nb-hidden'} role="status" data-testid="saving">
      {isSaving ? words.saving : null}
    </p>
  );
}
