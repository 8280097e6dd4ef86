/** What an event can be about. Each has a row: its newest state. */
export const SUBJECT_KINDS = [
  'task',
  'process',
  'activity',
  'incident',
  'execution',
  'message',
  'read',
  'payment',
  'microservice',
  'optimization',
  'pattern',
  'agent',
  'form',
  'approval',
  'command',
  'source',
  'relay',
  'lease',
  'erasure',
  'dead-letter',
  'revocation',
  'subscription',
] as const;

/** Kinds of the system's own book-keeping: people see none of their rows, and nobody can erase one. */
export const INWARD_KINDS: readonly SubjectKind[] = [
  'command',
  'source',
  'relay',
  'lease',
  'dead-letter',
  'revocation',
  'subscription',
];

/** A kind of subject. */
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** What an event is about, as `kind/id`: `task/4711`. */
export type Subject = `${SubjectKind}/${string}`;

/** Names a subject. */
export function subject<K extends SubjectKind>(kind: K, id: string): `${K}/${string}` {
  return `${kind}/${id}`;
}

/** The kind of a subject. */
export function subjectKind(name: Subject): SubjectKind {
  return name.slice(0, name.indexOf('/')) as SubjectKind;
}
