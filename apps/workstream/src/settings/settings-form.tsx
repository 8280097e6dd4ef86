import { type Language, useWords } from '@netbuild/realtime-react';
import { useMemo } from 'react';
import { LANGUAGES, THEMES, type Theme } from './settings.ts';
import { useSettings } from './settings-provider.tsx';

const WORDS = {
  en: {
    language: 'Language',
    timeZone: 'Time zone',
    device: (zone: string) => `As this device (${zone})`,
    theme: 'Appearance',
    themes: { system: 'As this device', light: 'Light', dark: 'Dark' },
  },
  de: {
    language: 'Sprache',
    timeZone: 'Zeitzone',
    device: (zone: string) => `Wie dieses Gerät (${zone})`,
    theme: 'Darstellung',
    themes: { system: 'Wie dieses Gerät', light: 'Hell', dark: 'Dunkel' },
  },
};

/** How a person wants to read; each choice holds at once. */
export function SettingsForm() {
  const { settings, change } = useSettings();
  const words = useWords(WORDS);
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const own = useMemo(() => new Intl.DateTimeFormat().resolvedOptions().timeZone, []);
  return (
    <div className="settings">
      <label className="field">
        <span>{words.language}</span>
        <select
          className="input"
          value={settings.language}
          data-testid="settings-language"
          onChange={({ target }) => change({ language: target.value as Language })}
        >
          {Object.entries(LANGUAGES).map(([language, name]) => (
            <option key={language} value={language} lang={language}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{words.timeZone}</span>
        <select
          className="input"
          value={settings.timeZone ?? ''}
          data-testid="settings-time-zone"
          onChange={({ target }) => change({ timeZone: target.value || undefined })}
        >
          <option value="">{words.device(own)}</option>
          {/* UTC is in no list of places. */}
          {['UTC', ...zones].map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="field">
        <legend>{words.theme}</legend>
        <div className="segments">
          {THEMES.map((theme: Theme) => (
            <label key={theme} className="segment">
              <input
                type="radio"
                name="theme"
                value={theme}
                checked={settings.theme === theme}
                data-testid={`theme-${theme}`}
                onChange={() => change({ theme })}
              />
              <span>{words.themes[theme]}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  );
}
