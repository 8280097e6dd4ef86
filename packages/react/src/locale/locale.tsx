import { createContext, type ReactNode, useContext, useMemo } from 'react';

/** The languages that the components speak. */
export type Language = 'en' | 'de';

/** In which language and by which clock somebody reads. */
export interface Locale {
  language: Language;
  /** An IANA name such as `Europe/Berlin`. Default: the device's own. */
  timeZone?: string | undefined;
}

const LocaleContext = createContext<Locale>({ language: 'en' });

/**
 * Has everything below it speak a language and tell times by a clock. Without one: English, and the device's clock.
 *
 * @example <LocaleProvider language="de" timeZone="Europe/Berlin"><App /></LocaleProvider>
 */
export function LocaleProvider({ language, timeZone, children }: Locale & { children?: ReactNode }) {
  const locale = useMemo(() => ({ language, timeZone }), [language, timeZone]);
  return <LocaleContext.Provider value={locale}>{children}</LocaleContext.Provider>;
}

/**
 * The language and the clock of whoever reads here.
 *
 * @example const { language, timeZone } = useLocale();
 */
export function useLocale(): Locale {
  return useContext(LocaleContext);
}

/**
 * The words of a concern in the reader's language. What one language has, the compiler asks of the other one.
 *
 * @example const words = useWords({ en: { claim: 'Claim' }, de: { claim: 'Übernehmen' } });
 */
export function useWords<W>(words: Record<Language, W>): W {
  return words[useLocale().language];
}
