// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { guessLanguage, keepSettings, readSettings } from '../src/settings/settings.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('the first guess is the first of the browser\u2019s languages that is spoken here', () => {
  expect(guessLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(guessLanguage(['EN-us'])).toBe('en');
  expect(guessLanguage(['fr'])).toBe('en');
});

test('what a person has chosen is theirs in this browser, and a guess for whoever is next', () => {
  keepSettings(
    { language: 'de', timeZone: 'Europe/Berlin', theme: 'dark', diagram: true, notify: true },
    'alice',
  );
  expect(readSettings('alice')).toEqual({
    language: 'de',
    timeZone: 'Europe/Berlin',
    theme: 'dark',
    diagram: true,
    notify: true,
  });
  expect(readSettings()).toMatchObject({ language: 'de', theme: 'dark' });
  // To be notified is nobody's to choose for somebody else.
  expect(readSettings('bob')).toMatchObject({ language: 'de', notify: false });
  keepSettings({ language: 'en', theme: 'light', diagram: true, notify: false }, 'bob');
  expect(readSettings('alice').language).toBe('de');
});

test('what is kept and means nothing is as if it were not there', () => {
  const usual = readSettings('alice');
  for (const kept of [
    '{',
    'null',
    '{"language":"xx","timeZone":"Nowhere/At_All","theme":"pink","notify":1}',
  ]) {
    localStorage.setItem('netbuild-workstream/settings/alice', kept);
    expect(readSettings('alice')).toEqual(usual);
  }
});

test('where nothing can be kept, choices hold as long as the page', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new DOMException('no', 'SecurityError');
    },
    setItem: () => {
      throw new DOMException('no', 'QuotaExceededError');
    },
  });
  expect(() =>
    keepSettings({ language: 'de', theme: 'dark', diagram: true, notify: false }, 'alice'),
  ).not.toThrow();
  expect(readSettings('alice').theme).toBe('system');
});
