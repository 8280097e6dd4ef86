/** What people read for a code; the server's own sentence is for developers. */
const WORDS: Record<string, string> = {
  task_taken: 'Somebody else was faster and has this task.',
  task_closed: 'This task is already done.',
  not_assignee: 'Only the person who has this task can do that.',
  forbidden: 'You may not do that here.',
  not_found: 'This is no longer there.',
  form_changed: 'This form has changed meanwhile. What you have filled in is still here.',
  form_unsupported: 'This form can not be filled in here.',
  busy: 'Somebody is changing this right now. Please try again.',
  in_doubt: 'It is not clear whether this worked. Please look before you try again.',
  abandoned: 'This took too long and was not done. Please try again.',
  incident_closed: 'This problem is already solved.',
  no_match: 'The process does not wait for this now.',
  engine_forbidden: 'The process engine does not allow this.',
  engine_unreachable: 'The process engine does not answer. Please try again shortly.',
  no_engine: 'No process engine is connected to this workspace.',
  storage_unavailable: 'This can not be saved right now. Please try again shortly.',
  contended: 'A lot is changing at once. Please try again.',
  timeout: 'There was no answer in time. Please look whether it worked before you try again.',
  disconnected: 'You are offline.',
};

/** An error in words for people. */
export function errorWords(error: {
  code: string;
  message: string;
  current?: Record<string, unknown>;
}): string {
  if (error.code === 'approval_closed') return closedWords(error.current);
  return WORDS[error.code] ?? error.message;
}

/** Who was faster, and what they have said. */
function closedWords({ state, decidedBy, reason }: Record<string, unknown> = {}): string {
  if (typeof decidedBy !== 'string') return 'This approval is over already.';
  const why = typeof reason === 'string' ? `: ${reason}` : '.';
  return `${decidedBy} has ${state} this already${why}`;
}
