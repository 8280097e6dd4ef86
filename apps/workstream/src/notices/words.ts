import { useWords } from '@netbuild/realtime-react';
import type { Notice } from './book.ts';

const EN = {
  notices: 'Notices',
  waiting: (count: number) => (count === 0 ? 'Notices' : `Notices, ${count} new`),
  none: 'Nothing new. You will see here when somebody gives you a task or mentions you.',
  clear: 'Mark all as seen',
  title: ({ kind, by }: Pick<Notice, 'kind' | 'by'>) =>
    kind === 'mention'
      ? `${by ?? 'Somebody'} has mentioned you`
      : by
        ? `${by} has given you a task`
        : 'You have a new task',
  tellMe: 'Notify me on this device',
  refused: 'Notifications are blocked for this page. Allow them in the settings of your browser.',
  impossible: 'This browser can not show notifications here.',
};

const DE: typeof EN = {
  notices: 'Hinweise',
  waiting: (count) => (count === 0 ? 'Hinweise' : `Hinweise, ${count} neu`),
  none: 'Nichts Neues. Hier sehen Sie, wenn Ihnen jemand eine Aufgabe gibt oder Sie erwähnt.',
  clear: 'Alle als gesehen markieren',
  title: ({ kind, by }) =>
    kind === 'mention'
      ? `${by ?? 'Jemand'} hat Sie erwähnt`
      : by
        ? `${by} hat Ihnen eine Aufgabe gegeben`
        : 'Sie haben eine neue Aufgabe',
  tellMe: 'Auf diesem Gerät benachrichtigen',
  refused:
    'Benachrichtigungen sind für diese Seite gesperrt. Erlauben Sie sie in den Einstellungen Ihres Browsers.',
  impossible: 'Dieser Browser kann hier keine Benachrichtigungen zeigen.',
};

/** What is said of notices. */
export const useNoticeWords = () => useWords({ en: EN, de: DE });
