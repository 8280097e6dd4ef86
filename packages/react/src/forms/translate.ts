import type { Language } from '../locale/locale.tsx';
import { FORM_WORDS_DE } from './form-words-de.ts';

type Values = Readonly<Record<string, unknown>>;

/** Puts values into a template, in a language. */
export function translate(language: Language, template: string, values: Values = {}): string {
  const words = (language === 'de' && FORM_WORDS_DE[template]) || template;
  return words.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
}

/** A sentence that the gateway has made of such a template, in a language. What is none stays as it is. */
export function translateSentence(language: Language, sentence: string): string {
  if (language !== 'de') return sentence;
  for (const { template, pattern } of PATTERNS) {
    const found = pattern.exec(sentence);
    if (found) return translate(language, template, found.groups);
  }
  return sentence;
}

const PATTERNS = Object.keys(FORM_WORDS_DE).map((template) => ({
  template,
  pattern: new RegExp(
    `^${template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>.*)')}$`,
    's',
  ),
}));
