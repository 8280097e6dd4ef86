const PREFIX = 'netbuild-workstream/draft/';

/** What somebody has filled in and not submitted yet. */
export interface Draft {
  /** The version of the form. */
  version: string;
  values: Record<string, unknown>;
}

/** Keeps what was filled in for a task in this tab, so that nothing is lost with a card, or a page, that goes. */
export function keepDraft(taskId: string, draft: Draft | undefined): void {
  try {
    if (draft) sessionStorage.setItem(PREFIX + taskId, JSON.stringify(draft));
    else sessionStorage.removeItem(PREFIX + taskId);
  } catch {
    // There is no room for it: then it lives as long as the card.
  }
}

/** What was filled in for a task. */
export function readDraft(taskId: string): Draft | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(PREFIX + taskId) ?? 'null') as Draft | null) ?? undefined;
  } catch {
    return undefined;
  }
}
