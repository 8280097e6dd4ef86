import { useWords } from '@netbuild/realtime-react';

const EN = {
  workstreams: 'Workstreams',
  search: 'Search workstreams',
  none: 'You take part in none yet. Start a process, or have somebody add you to theirs.',
  noMatch: 'No workstream matches.',
  more: (count: number) => `Show ${count} more`,
  unread: (count: number, isMore: boolean) => `${count}${isMore ? '+' : ''} unread`,
  with: (names: string) => `With ${names}`,
  start: 'Start a process',
  title: 'Title',
  titleExample: 'Deliver the invoice service',
  service: 'Service name',
  serviceExample: 'invoice-service',
  definition: 'Process definition',
  key: 'Key',
  submit: 'Start',
  starting: 'Starting …',
  cancel: 'Cancel',
};

const DE: typeof EN = {
  workstreams: 'Workstreams',
  search: 'Workstreams suchen',
  none: 'Sie nehmen noch an keinem teil. Starten Sie einen Prozess, oder lassen Sie sich hinzufügen.',
  noMatch: 'Kein Workstream passt dazu.',
  more: (count) => `${count} weitere zeigen`,
  unread: (count, isMore) => `${count}${isMore ? '+' : ''} ungelesen`,
  with: (names) => `Mit ${names}`,
  start: 'Prozess starten',
  title: 'Titel',
  titleExample: 'Rechnungsdienst ausliefern',
  service: 'Name des Dienstes',
  serviceExample: 'invoice-service',
  definition: 'Prozessdefinition',
  key: 'Schlüssel',
  submit: 'Starten',
  starting: 'Wird gestartet …',
  cancel: 'Abbrechen',
};

/** What is said of workstreams. */
export const useWorkstreamWords = () => useWords({ en: EN, de: DE });
