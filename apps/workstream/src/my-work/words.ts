import { useWords } from '@netbuild/realtime-react';
import type { Part, Sort } from './filter.ts';

const EN = {
  title: 'My work',
  parts: { mine: 'Mine', available: 'Available', others: 'With others' } satisfies Record<Part, string>,
  all: 'All',
  filter: 'Filter',
  show: 'Which tasks',
  search: 'Search tasks',
  sort: 'Sort by',
  sorts: { created: 'Oldest first', due: 'Due date', priority: 'Priority' } satisfies Record<Sort, string>,
  overdue: (count: string) => `Overdue (${count})`,
  fresh: (count: number) => `${count} new`,
  freshAbout: (count: number) => `${count} new ${count === 1 ? 'task' : 'tasks'}: show`,
  empty: {
    mine: 'Nothing waits for you. Claim something that is available, or start a process.',
    available: 'Nothing is waiting to be claimed. It will appear here by itself.',
    others: 'Nobody else has a task of your groups.',
  } satisfies Record<Part, string>,
  noMatch: 'No task matches.',
  clear: 'Show all tasks',
  offline: 'There is no connection, and nothing is known yet. Your tasks appear as soon as there is one.',
  doneBy: (by: string | undefined) => (by ? `done by ${by}` : 'done'),
  cancelledBy: (by: string | undefined) => (by ? `cancelled by ${by}` : 'cancelled'),
  movedOn: 'This task is no longer for you.',
};

const DE: typeof EN = {
  title: 'Meine Arbeit',
  parts: { mine: 'Meine', available: 'Verfügbar', others: 'Bei anderen' },
  all: 'Alle',
  filter: 'Filter',
  show: 'Welche Aufgaben',
  search: 'Aufgaben suchen',
  sort: 'Sortieren nach',
  sorts: { created: 'Älteste zuerst', due: 'Fälligkeit', priority: 'Priorität' },
  overdue: (count) => `Überfällig (${count})`,
  fresh: (count) => `${count} neu`,
  freshAbout: (count) => (count === 1 ? '1 neue Aufgabe anzeigen' : `${count} neue Aufgaben anzeigen`),
  empty: {
    mine: 'Nichts wartet auf Sie. Übernehmen Sie etwas Verfügbares, oder starten Sie einen Prozess.',
    available: 'Nichts wartet darauf, übernommen zu werden. Neues erscheint hier von selbst.',
    others: 'Niemand sonst hat eine Aufgabe Ihrer Gruppen.',
  },
  noMatch: 'Keine Aufgabe passt dazu.',
  clear: 'Alle Aufgaben zeigen',
  offline:
    'Es besteht keine Verbindung, und noch ist nichts bekannt. Ihre Aufgaben erscheinen, sobald es eine gibt.',
  doneBy: (by) => (by ? `erledigt von ${by}` : 'erledigt'),
  cancelledBy: (by) => (by ? `abgebrochen von ${by}` : 'abgebrochen'),
  movedOn: 'Diese Aufgabe ist nicht mehr für Sie.',
};

/** What my work says. */
export const useMyWorkWords = () => useWords({ en: EN, de: DE });
