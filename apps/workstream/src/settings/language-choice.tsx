import type { Language } from '@netbuild/realtime-react';
import { LANGUAGES } from './settings.ts';
import { useSettings } from './settings-provider.tsx';

/** The language, for who can not read the one that is shown: each is called by its own name. */
export function LanguageChoice() {
  const { settings, change } = useSettings();
  return (
    <div className="languages">
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <button
          key={language}
          type="button"
          className="nb-button nb-button--quiet"
          lang={language}
          aria-pressed={settings.language === language}
          data-testid={`language-${language}`}
          onClick={() => change({ language: language as Language })}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
