import { useWords } from '@netbuild/realtime-react';

const EN = {
  states: {
    live: 'Live',
    'catching-up': 'Catching up',
    connecting: 'Connecting',
    stale: 'Not confirmed',
    offline: 'Offline',
    refused: 'Not admitted',
    closed: 'Disconnected',
  },
  since: (time: string) => ` since ${time}`,
  rebuilding: ', being completed after a failure',
  noNetwork: ', this device has no network',
  retry: (seconds: number) => (seconds > 0 ? `, reconnecting in ${seconds} s` : ', reconnecting'),
  buttons: { retry: 'Retry now', reconnect: 'Reconnect', connect: 'Connect' },
};

const DE: typeof EN = {
  states: {
    live: 'Live',
    'catching-up': 'Holt auf',
    connecting: 'Verbindet',
    stale: 'Nicht bestätigt',
    offline: 'Offline',
    refused: 'Nicht zugelassen',
    closed: 'Getrennt',
  },
  since: (time) => ` seit ${time}`,
  rebuilding: ', wird nach einem Ausfall vervollständigt',
  noNetwork: ', dieses Gerät hat kein Netz',
  retry: (seconds) => (seconds > 0 ? `, nächster Versuch in ${seconds} s` : ', neuer Versuch'),
  buttons: { retry: 'Jetzt versuchen', reconnect: 'Neu verbinden', connect: 'Verbinden' },
};

/** What is said of the connection. */
export const useConnectionWords = () => useWords({ en: EN, de: DE });
