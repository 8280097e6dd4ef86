import type { Language } from '@netbuild/realtime-react';

/** How a person wants to read. */
export interface Settings {
  language: Language;
  /** An IANA name; left out, the device's own. */
  timeZone?: string | undefined;
  /** `system`: as the device has it. */
  theme: Theme;
  /** Whether the diagram is shown above an execution, where there is room for it. */
  diagram: boolean;
  /** To be told of new things outside the page. */
  notify: boolean;
}

/** Light or dark. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'netbuild-workstream/settings';

/** The languages there are, by their own names. */
export const LANGUAGES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

/** The looks there are. */
export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/**
 * What a person has chosen in this browser; of what they have not, what whoever was last here has; else the browser's.
 *
 * @param userId nobody: before the login
 */
export function readSettings(userId?: string): Settings {
  return {
    language: guessLanguage(navigator.languages ?? []),
    theme: 'system',
    diagram: true,
    notify: false,
    ...read(KEY, true),
    ...(userId === undefined ? {} : read(keyOf(userId))),
  };
}

/** Keeps what a person has chosen, for them and for the login of whoever is next. */
export function keepSettings(settings: Settings, userId?: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
    if (userId !== undefined) localStorage.setItem(keyOf(userId), JSON.stringify(settings));
  } catch {
    // There is no room for it, or it is not allowed: then it lives as long as the page.
  }
}

/** The first of somebody's languages that is spoken here. */
export function guessLanguage(preferred: readonly string[]): Language {
  const found = preferred.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => tag! in LANGUAGES);
  return (found as Language | undefined) ?? 'en';
}

const keyOf = (userId: string) => `${KEY}/${userId}`;

/** What somebody else is told of is theirs alone. */
function read(key: string, isOfAnother = false): Partial<Settings> {
  try {
    const { language, timeZone, theme, diagram, notify } = JSON.parse(localStorage.getItem(key) ?? '{}');
    return {
      ...(language in LANGUAGES ? { language } : {}),
      ...(THEMES.includes(theme) ? { theme } : {}),
      ...(isTimeZone(timeZone) ? { timeZone } : {}),
      ...(typeof diagram === 'boolean' ? { diagram } : {}),
      ...(typeof notify === 'boolean' && !isOfAnother ? { notify } : {}),
    };
  } catch {
    return {};
  }
}

function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
