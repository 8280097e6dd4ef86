import { useWords } from '@netbuild/realtime-react';
import type { SignInProblem } from './session.ts';

/** Why a person is at the login: they have left, their session is over, or they could not be signed in. */
export type Farewell = 'session_ended' | SignInProblem;

const EN = {
  about: 'Conversations and processes, as they happen.',
  user: 'User',
  password: 'Password',
  signIn: 'Sign in',
  signingIn: 'Signing in …',
  signInAt: (host: string) => `Sign in at ${host}`,
  problems: {
    session_ended: 'Your session has ended. Please sign in again.',
    wrong: 'User or password is wrong.',
    no_password: 'This server does not sign people in by password.',
    no_provider: 'This server does not sign people in that way.',
    failed: 'The server could not sign you in. Please try again.',
    unknown_person: 'This server does not know you. Please ask who looks after it.',
    not_signed_in: 'You were not signed in. Please try again.',
    server_away: 'The server can not be reached. Please check your connection and try again.',
    provider_away: 'The sign-in service can not be reached. Please try again.',
  } satisfies Record<Farewell, string>,
};

const DE: typeof EN = {
  about: 'Gespräche und Prozesse, während sie geschehen.',
  user: 'Benutzer',
  password: 'Passwort',
  signIn: 'Anmelden',
  signingIn: 'Anmeldung läuft …',
  signInAt: (host) => `Bei ${host} anmelden`,
  problems: {
    session_ended: 'Ihre Sitzung ist abgelaufen. Bitte melden Sie sich erneut an.',
    wrong: 'Benutzer oder Passwort ist falsch.',
    no_password: 'An diesem Server meldet man sich nicht mit einem Passwort an.',
    no_provider: 'An diesem Server meldet man sich nicht auf diesem Weg an.',
    failed: 'Der Server konnte Sie nicht anmelden. Bitte versuchen Sie es noch einmal.',
    unknown_person: 'Dieser Server kennt Sie nicht. Bitte wenden Sie sich an seine Betreuung.',
    not_signed_in: 'Sie wurden nicht angemeldet. Bitte versuchen Sie es noch einmal.',
    server_away:
      'Der Server ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    provider_away: 'Der Anmeldedienst ist nicht erreichbar. Bitte versuchen Sie es noch einmal.',
  },
};

/** What the login says. */
export const useLoginWords = () => useWords({ en: EN, de: DE });
