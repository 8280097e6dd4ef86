import { useWords } from '../locale/locale.tsx';

const EN = {
  chat: 'Chat and workflow',
  detail: 'What the timeline shows',
  levels: { chat: 'Chat only', workflow: 'Workflow', steps: 'Every step' },
  timeline: 'Timeline',
  you: 'You',
  agent: 'agent',
  edited: 'edited',
  // Of the whole conversation.
  refused: 'This conversation is not available to you.',
  loading: 'Loading the conversation …',
  offlineAtFirst: 'There is no connection. The conversation comes as soon as there is one.',
  offline: 'There is no connection: this may have moved on.',
  stale: 'Not confirmed just now: this may have moved on.',
  empty: 'Nothing has been said here yet.',
  // Of what was before and what comes.
  earlier: 'Load earlier',
  earlierLoading: 'Loading …',
  earlierFailed: 'Earlier events could not be loaded.',
  tryAgain: 'Try again',
  begin: 'This is where it begins.',
  toEnd: (count: number) => (count === 1 ? '1 new' : `${count} new`),
  toEndHint: 'Go to the newest',
  manyNew: (count: string) => `${count} new entries in the timeline`,
  said: (who: string, text: string) => `${who}: ${text}`,
  // Of who is here.
  nobodyElse: 'Nobody else is here',
  here: (names: string) => `Here: ${names}`,
  othersHere: (count: string) => `${count} others are here`,
  writing: (one: string) => `${one} is writing …`,
  bothWriting: (one: string, other: string) => `${one} and ${other} are writing …`,
  manyWriting: (count: string) => `${count} people are writing …`,
  // Of writing oneself.
  message: 'Message',
  placeholder: 'Write a message',
  send: 'Send',
  hint: 'Enter sends, Shift + Enter starts a new line.',
  sending: 'Sending …',
  waiting: 'Waits for a connection …',
  notSent: (why: string) => `Not sent: ${why}`,
  doubtful: 'It is not known whether this was sent.',
  edit: 'Edit',
  discard: 'Discard',
  // Of what can be done about a line.
  stop: 'Stop',
  accept: 'Accept',
  dismiss: 'Dismiss',
  dismissWhy: 'Why (may stay empty)',
  approve: 'Approve',
  reject: 'Reject',
  rejectWhy: 'Reason',
  notDone: (why: string) => `Not done: ${why}`,
};

/** What the chat says beside what has happened. */
export type ChatWords = typeof EN;

const DE: ChatWords = {
  chat: 'Chat und Ablauf',
  detail: 'Was die Zeitleiste zeigt',
  levels: { chat: 'Nur Chat', workflow: 'Ablauf', steps: 'Jeder Schritt' },
  timeline: 'Zeitleiste',
  you: 'Sie',
  agent: 'Agent',
  edited: 'bearbeitet',
  refused: 'Diese Unterhaltung steht Ihnen nicht offen.',
  loading: 'Die Unterhaltung wird geladen …',
  offlineAtFirst: 'Es besteht keine Verbindung. Die Unterhaltung erscheint, sobald es wieder eine gibt.',
  offline: 'Es besteht keine Verbindung: Hier kann es inzwischen weitergegangen sein.',
  stale: 'Gerade nicht bestätigt: Hier kann es inzwischen weitergegangen sein.',
  empty: 'Hier wurde noch nichts gesagt.',
  earlier: 'Früheres laden',
  earlierLoading: 'Wird geladen …',
  earlierFailed: 'Früheres konnte nicht geladen werden.',
  tryAgain: 'Noch einmal versuchen',
  begin: 'Hier beginnt es.',
  toEnd: (count) => (count === 1 ? '1 neuer Eintrag' : `${count} neue Einträge`),
  toEndHint: 'Zum Neuesten',
  manyNew: (count) => `${count} neue Einträge in der Zeitleiste`,
  said: (who, text) => `${who}: ${text}`,
  nobodyElse: 'Sonst ist niemand hier',
  here: (names) => `Hier: ${names}`,
  othersHere: (count) => `${count} andere sind hier`,
  writing: (one) => `${one} schreibt …`,
  bothWriting: (one, other) => `${one} und ${other} schreiben …`,
  manyWriting: (count) => `${count} Personen schreiben …`,
  message: 'Nachricht',
  placeholder: 'Nachricht schreiben',
  send: 'Senden',
  hint: 'Eingabe sendet, Umschalt + Eingabe beginnt eine neue Zeile.',
  sending: 'Wird gesendet …',
  waiting: 'Wartet auf eine Verbindung …',
  notSent: (why) => `Nicht gesendet: ${why}`,
  doubtful: 'Es ist nicht bekannt, ob dies gesendet wurde.',
  edit: 'Bearbeiten',
  discard: 'Verwerfen',
  stop: 'Anhalten',
  accept: 'Annehmen',
  dismiss: 'Verwerfen',
  dismissWhy: 'Warum (kann leer bleiben)',
  approve: 'Freigeben',
  reject: 'Ablehnen',
  rejectWhy: 'Grund',
  notDone: (why) => `Nicht ausgeführt: ${why}`,
};

const WORDS = { en: EN, de: DE };

/** What the chat says, in the reader's language. */
export function useChatWords(): ChatWords {
  return useWords(WORDS);
}
