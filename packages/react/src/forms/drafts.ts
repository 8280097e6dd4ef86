const PREFIX = 'netbuild-realtime/draft/';

/** What somebody has filled in and not submitted yet. */
export interface Draft {
  /** The version of the form. */
  version: string;
  values: Record<string, unknown>;
  /** What the fields are called, by their keys. */
  labels: Readonly<Record<string, string>>;
}

/** Whose draft it is, and for which task. */
export interface Owner {
  me: string | undefined;
  taskId: string;
}

/** Drafts that are on their way: whether they are needed any more the answer says. */
const sent = new Set<string>();
const listeners = new Set<() => void>();

const keyOf = ({ me = '', taskId }: Owner) => `${PREFIX}${encodeURIComponent(me)}/${taskId}`;

/** Keeps what was filled in for a task in this tab, so that nothing is lost with a card, or a page, that goes. */
export function keepDraft(owner: Owner, draft: Draft): void {
  change(() => sessionStorage.setItem(keyOf(owner), JSON.stringify(draft)));
}

/** Forgets what was filled in for a task. */
export function dropDraft(owner: Owner): void {
  change(() => sessionStorage.removeItem(keyOf(owner)));
}

/** Says that a draft is on its way, or no longer. */
export function markSent(owner: Owner, isSent: boolean): void {
  change(() => (isSent ? sent.add(keyOf(owner)) : sent.delete(keyOf(owner))));
}

/** What was filled in for a task. */
export function readDraft(owner: Owner): Draft | undefined {
  return parseDraft(readText(owner));
}

/** The text of a draft, unless it is on its way just now. */
export function readUnsent(owner: Owner): string | null {
  return sent.has(keyOf(owner)) ? null : readText(owner);
}

export function parseDraft(text: string | null): Draft | undefined {
  try {
    return (JSON.parse(text ?? 'null') as Draft | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Hears of every change of a draft. @returns ends it */
export function subscribeToDrafts(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function readText(owner: Owner): string | null {
  try {
    return sessionStorage.getItem(keyOf(owner));
  } catch {
    return null;
  }
}

function change(make: () => void): void {
  try {
    make();
  } catch {
    // Where nothing may be kept, or there is no room for it, a draft lives as long as its card.
  }
  for (const listener of listeners) listener();
}
