import { type ErrorCode, RealtimeError } from '@netbuild/realtime-protocol';

/** What the engine says of a failure. */
interface Said {
  type: string;
  message: string;
}

/**
 * The engine's exceptions, each by what tells it: its type, which the REST API drops in some places in favour of the
 * class's name in the message, or the words of the message. All of them mean that the engine has rolled back.
 */
const EXCEPTIONS: readonly [test: (said: Said, status: number) => boolean, code: ErrorCode][] = [
  [({ type }, status) => type === 'AuthorizationException' || status === 403, 'engine_forbidden'],
  [named('MismatchingMessageCorrelationException'), 'no_match'],
  [named('TaskAlreadyClaimedException'), 'task_taken'],
  [named('OptimisticLockingException'), 'contended'],
  // How a wrapped OptimisticLockingException looks.
  [({ message }) => message.includes('ENGINE-03005'), 'contended'],
  [({ message }) => /Cannot find task with id|No matching task with id/.test(message), 'task_closed'],
  // With status 500, of all.
  [({ message }) => message.includes('No job found with id'), 'not_found'],
  [(_said, status) => status === 404, 'not_found'],
];

function named(exception: string): (said: Said) => boolean {
  return ({ type, message }) => type === exception || message.includes(`.${exception}:`);
}

/** The error of our table that an answer without success is, in the engine's own words where it has some. */
export function refusal(status: number, text: string): RealtimeError {
  const said = saidIn(text);
  if (said) {
    const code = EXCEPTIONS.find(([test]) => test(said, status))?.[1] ?? 'engine_refused';
    return new RealtimeError(code, { message: said.message.slice(0, 500) });
  }
  // Somebody else's words, a proxy's or a server's on its way down.
  if (status === 503 || status === 429) return new RealtimeError('engine_unreachable');
  // It may have passed the request on.
  if (status >= 500) return new RealtimeError('in_doubt');
  return new RealtimeError('engine_refused', {
    message: `The process engine answered with status ${status}.`,
  });
}

function saidIn(text: string): Said | undefined {
  try {
    const { type, message } = JSON.parse(text) as { type?: unknown; message?: unknown };
    return typeof message === 'string' ? { type: typeof type === 'string' ? type : '', message } : undefined;
  } catch {
    return undefined; // A page, or nothing: the status has to do.
  }
}
