import type { ErrorDetails } from '@netbuild/realtime-client';
import { useCallback } from 'react';
import { type Language, useLocale } from '../locale/locale.tsx';
import { DE } from './error-words-de.ts';
import { EN } from './error-words-en.ts';

/** A refusal in words for people, by who was faster, where somebody was. */
export type ErrorWords = (error: ErrorDetails & { current?: Record<string, unknown> }, by?: string) => string;

/** What people read of each refusal; the server's own sentence is for developers. */
export interface RefusalWords {
  codes: Record<Exclude<ErrorDetails['code'], 'approval_closed' | 'invalid'>, string>;
  /** Somebody else has the task. */
  taken(by: string): string;
  /** Somebody else has completed it. */
  completed(by: string): string;
  approval(state: unknown, by: string): string;
  approvalOver: string;
  invalid: string;
}

const WORDS: Record<Language, RefusalWords> = { en: EN, de: DE };

/**
 * Says a refusal to people, in their language.
 *
 * @example
 * const words = useErrorWords();
 * {claim.error ? <p role="alert">{words(claim.error)}</p> : null}
 */
export function useErrorWords(): ErrorWords {
  const { language } = useLocale();
  return useCallback((error, by) => say(WORDS[language], error, by), [language]);
}

function say(words: RefusalWords, ...[error, by]: Parameters<ErrorWords>): string {
  const { code, message, current } = error;
  if (code === 'approval_closed') {
    const { decidedBy = by, state, reason } = current ?? {};
    if (typeof decidedBy !== 'string') return words.approvalOver;
    return `${words.approval(state, decidedBy)}${typeof reason === 'string' ? `: ${reason}` : '.'}`;
  }
  if (code === 'task_taken' && by !== undefined) return words.taken(by);
  if (code === 'task_closed' && by !== undefined) return words.completed(by);
  // What is wrong with what was given only the server's sentence says.
  if (code === 'invalid') return `${words.invalid} ${message}`.trim();
  return words.codes[code] ?? message;
}
