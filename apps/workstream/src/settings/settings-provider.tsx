import { LocaleProvider } from '@netbuild/realtime-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { keepSettings, readSettings, type Settings } from './settings.ts';

interface SettingsValue {
  settings: Settings;
  change: (change: Partial<Settings>) => void;
}

const SettingsContext = createContext<SettingsValue | undefined>(undefined);

/** Has everything below it go by what a person has chosen, in each of their tabs. */
export function SettingsProvider({ userId, children }: { userId: string | undefined; children: ReactNode }) {
  const [settings, setSettings] = useState(() => readSettings(userId));
  useEffect(() => {
    const hear = () => setSettings(readSettings(userId));
    hear();
    window.addEventListener('storage', hear);
    return () => window.removeEventListener('storage', hear);
  }, [userId]);
  const change = useCallback(
    (part: Partial<Settings>) =>
      setSettings((before) => {
        const after = { ...before, ...part };
        keepSettings(after, userId);
        return after;
      }),
    [userId],
  );
  const { theme, language, timeZone } = settings;
  useEffect(() => {
    document.documentElement.lang = language;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme, language]);
  const value = useMemo(() => ({ settings, change }), [settings, change]);
  return (
    <SettingsContext.Provider value={value}>
      <LocaleProvider language={language} timeZone={timeZone}>
        {children}
      </LocaleProvider>
    </SettingsContext.Provider>
  );
}

/** What the person has chosen, and the way to choose otherwise. */
export function useSettings(): SettingsValue {
  const value = useContext(SettingsContext);
  if (!value) throw new Error('useSettings needs a <SettingsProvider> above it.');
  return value;
}
