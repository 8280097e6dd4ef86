import { useState } from 'react';
import { useSettings } from '../settings/settings-provider.tsx';
import { askForPermission, permission } from './outside.ts';
import { useNoticeWords } from './words.ts';

/** Whether the device tells a person of what is new. The browser is asked for it when they say so, and never before. */
export function NotifyChoice() {
  const words = useNoticeWords();
  const { settings, change } = useSettings();
  const [allowed, setAllowed] = useState(permission);
  const choose = async (isWanted: boolean) => {
    if (isWanted && !(await askForPermission())) {
      setAllowed(permission());
      return;
    }
    setAllowed(permission());
    change({ notify: isWanted });
  };
  const isPossible = allowed !== 'impossible' && allowed !== 'denied';
  const isOn = settings.notify && allowed === 'granted';
  return (
    <div className="notify-choice">
      <label className="switch">
        <input
          type="checkbox"
          role="switch"
          checked={isOn}
          aria-checked={isOn}
          disabled={!isPossible}
          data-testid="notify"
          onChange={({ target }) => void choose(target.checked)}
        />
        <span>{words.tellMe}</span>
      </label>
      {isPossible ? null : <p className="quiet">{allowed === 'denied' ? words.refused : words.impossible}</p>}
    </div>
  );
}
