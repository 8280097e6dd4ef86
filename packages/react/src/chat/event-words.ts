import { useWords } from '../locale/locale.tsx';
import { DE } from './event-words-de.ts';
import { EN } from './event-words-en.ts';

/** What a workflow's events are called in a language. */
export type EventWords = typeof EN;

const WORDS = { en: EN, de: DE };

/** What has happened, in the reader's language. */
export function useEventWords(): EventWords {
  return useWords(WORDS);
}
