import { useWords } from '@netbuild/realtime-react';

const EN = {
  skip: 'Skip to content',
  pages: 'Pages',
  myWork: 'My work',
  workstreams: 'Workstreams',
  operations: 'Operations',
  account: (name: string) => `${name}: account and settings`,
  signOut: 'Sign out',
  signingIn: 'Signing in …',
  loading: 'Loading …',
  broken: 'Something went wrong on this page',
  brokenAbout:
    'What you have written in forms is kept. Try again, or go on elsewhere; if it comes back, tell who looks after this server.',
  tryAgain: 'Try again',
  backToWork: 'Back to my work',
  details: 'Details',
  noSuchPage: 'There is no such page',
  noSuchPageAbout: 'The address may be mistyped, or from another version of this app.',
};

const DE: typeof EN = {
  skip: 'Zum Inhalt springen',
  pages: 'Seiten',
  myWork: 'Meine Arbeit',
  workstreams: 'Workstreams',
  operations: 'Betrieb',
  account: (name) => `${name}: Konto und Einstellungen`,
  signOut: 'Abmelden',
  signingIn: 'Anmeldung läuft …',
  loading: 'Wird geladen …',
  broken: 'Auf dieser Seite ist etwas schiefgegangen',
  brokenAbout:
    'Was Sie in Formulare geschrieben haben, bleibt erhalten. Versuchen Sie es noch einmal, oder arbeiten Sie anderswo weiter; kommt es wieder vor, wenden Sie sich an die Betreuung dieses Servers.',
  tryAgain: 'Noch einmal versuchen',
  backToWork: 'Zurück zu meiner Arbeit',
  details: 'Einzelheiten',
  noSuchPage: 'Diese Seite gibt es nicht',
  noSuchPageAbout: 'Vielleicht ist die Adresse vertippt oder stammt aus einer anderen Version dieser App.',
};

/** What the frame around the pages says. */
export const useShellWords = () => useWords({ en: EN, de: DE });
