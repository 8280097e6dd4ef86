/**
 * Every error that the gateway tells anyone, once.
 * `retryable`: the same request may succeed later, unchanged. `status`: of the HTTP answer.
 * The reference page is tested against this table, both ways.
 */
export const ERRORS = {
  token_missing: { status: 401, retryable: false, message: 'A token is needed.' },
  token_invalid: { status: 401, retryable: false, message: 'The token is not valid here.' },
  token_expired: { status: 401, retryable: false, message: 'The token has expired.' },
  login_failed: { status: 401, retryable: false, message: 'User or password is wrong.' },
  key_invalid: { status: 401, retryable: false, message: 'The publisher key is not valid.' },
  forbidden: { status: 403, retryable: false, message: 'Not for you, or not there.' },
  origin_refused: { status: 403, retryable: false, message: 'Requests from this origin are not allowed.' },
  not_assignee: { status: 403, retryable: false, message: 'The task is not assigned to you.' },
  not_found: { status: 404, retryable: false, message: 'There is no such thing.' },
  invalid: { status: 400, retryable: false, message: 'The request is not valid.' },
  invalid_room: { status: 400, retryable: false, message: 'This is not the name of a room.' },
  invalid_position: { status: 400, retryable: false, message: 'This is not a position (EPOCH:SEQ).' },
  unknown_command: { status: 404, retryable: false, message: 'There is no such command.' },
  unknown_type: { status: 400, retryable: false, message: 'The catalogue has no such type.' },
  too_large: { status: 413, retryable: false, message: 'The request is too large.' },
  too_many_rooms: { status: 429, retryable: false, message: 'A connection can not be in so many rooms.' },
  duplicate_id: { status: 409, retryable: false, message: 'This id was used before, with other content.' },
  too_old: {
    status: 422,
    retryable: false,
    message: 'This happened so long ago that nobody could tell whether it is known already.',
  },
  task_taken: { status: 409, retryable: false, message: 'Somebody else has the task.' },
  task_waiting: {
    status: 409,
    retryable: false,
    message: 'A task still waits for this person.',
  },
  task_closed: { status: 409, retryable: false, message: 'The task is no longer open.' },
  approval_closed: {
    status: 409,
    retryable: false,
    message: 'The approval is over; current says how it has ended.',
  },
  incident_closed: { status: 409, retryable: false, message: 'The incident is over.' },
  message_closed: {
    status: 409,
    retryable: false,
    message: 'The message can not be changed any more.',
  },
  no_match: {
    status: 409,
    retryable: false,
    message: 'No process instance waits for this message, or more than one.',
  },
  busy: { status: 409, retryable: true, message: 'Another command is under way here.' },
  in_doubt: {
    status: 409,
    retryable: true,
    message: 'It is not known whether this command took effect; ask again under the same id.',
  },
  abandoned: {
    status: 503,
    retryable: true,
    message: 'This command was not carried out in time; ask again.',
  },
  contended: { status: 503, retryable: true, message: 'Too much changed at once; try again.' },
  life_over: {
    status: 409,
    retryable: true,
    message: 'The log has begun another life; what was sent in the one before may be lost.',
  },
  no_engine: { status: 503, retryable: false, message: 'No process engine is configured.' },
  engine_forbidden: {
    status: 403,
    retryable: false,
    message: 'The process engine does not allow this to the account that it is asked with.',
  },
  engine_refused: { status: 422, retryable: false, message: 'The process engine refused.' },
  engine_unreachable: { status: 503, retryable: true, message: 'The process engine does not answer.' },
  storage_unavailable: { status: 503, retryable: true, message: 'The log can not be written now.' },
  stopping: { status: 503, retryable: true, message: 'This node is stopping; ask again.' },
  too_many_participants: {
    status: 409,
    retryable: false,
    message: 'An execution can not have so many participants.',
  },
  internal: { status: 500, retryable: true, message: 'Something went wrong here.' },
  token_revoked: { status: 401, retryable: false, message: 'The token was revoked.' },
  keys_unavailable: {
    status: 503,
    retryable: true,
    message: "The keys of the token's issuer can not be had now; ask again.",
  },
  too_many_requests: {
    status: 429,
    retryable: true,
    message: 'Too much was asked at once; ask again later.',
  },
  signature_invalid: {
    status: 401,
    retryable: false,
    message: 'The signature of the webhook is not valid, or too old.',
  },
  card_number: {
    status: 422,
    retryable: false,
    message: 'This looks like the number of a card, and none is kept here.',
  },
  payment_mismatch: {
    status: 409,
    retryable: false,
    message: 'The payment is known with another amount, currency or provider.',
  },
  optimization_closed: { status: 409, retryable: false, message: 'The suggestion was decided before.' },
  agent_stopped: {
    status: 409,
    retryable: false,
    message: 'Somebody has asked this agent to stop.',
  },
  agent_ended: {
    status: 409,
    retryable: false,
    message: "The agent's run is over, or another's.",
  },
  agent_not_failed: {
    status: 409,
    retryable: false,
    message: 'Only what an agent has failed at can be tried again.',
  },
  no_chat: {
    status: 409,
    retryable: false,
    message: 'The run belongs to no execution, so there is no chat to speak in.',
  },
  form_changed: {
    status: 409,
    retryable: false,
    message: 'The form is another one than what was filled in; open it again.',
  },
  form_unsupported: {
    status: 422,
    retryable: false,
    message: 'The form has a part that can not be checked here.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; message: string }>;

/** The name of an error, stable across versions. */
export type ErrorCode = keyof typeof ERRORS;

/** An error as it stands on the wire. */
export interface WireError {
  code: ErrorCode;
  /** A sentence for a developer; screens choose their own words by the code. */
  message: string;
  /** The same request may succeed later, unchanged. */
  retryable: boolean;
  /** Wait so long before that, in milliseconds. */
  retryAfter?: number;
  /** The field at fault, as a path: `data.title`. */
  field?: string;
  /** All that is at fault where it is more than one, the first with it; of a form alone. */
  faults?: readonly FieldFault[];
}

/** What is wrong with one field. */
export interface FieldFault {
  /** As a path: `data.amount`. */
  field: string;
  /** A sentence for who fills it in. */
  message: string;
  /** How that stands now which is in the way; of `approval_closed` who has decided it, and how. */
  current?: Record<string, unknown>;
}

/**
 * An error that has a place in {@link ERRORS}; what a caller is told is exactly this.
 *
 * @example throw new RealtimeError('invalid', { field: 'title', message: 'title must not be empty' });
 */
export class RealtimeError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;
  readonly faults: readonly FieldFault[] | undefined;
  readonly current: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    details: {
      message?: string;
      field?: string;
      retryAfter?: number;
      faults?: readonly FieldFault[];
      current?: Record<string, unknown>;
      cause?: unknown;
    } = {},
  ) {
    super(details.message ?? ERRORS[code].message, { cause: details.cause });
    this.name = 'RealtimeError';
    this.code = code;
    this.field = details.field;
    this.retryAfter = details.retryAfter;
    this.faults = details.faults;
    this.current = details.current;
  }

  /** Status of the HTTP answer. */
  get status(): number {
    return ERRORS[this.code].status;
  }

  /** What goes on the wire. */
  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      retryable: ERRORS[this.code].retryable,
      ...(this.retryAfter === undefined ? {} : { retryAfter: this.retryAfter }),
      ...(this.field === undefined ? {} : { field: this.field }),
      ...(this.faults === undefined ? {} : { faults: this.faults }),
      ...(this.current === undefined ? {} : { current: this.current }),
    };
  }

  /** Any thrown value as one of ours; what is not ours becomes `internal`, without its text. */
  static from(error: unknown): RealtimeError {
    return error instanceof RealtimeError ? error : new RealtimeError('internal', { cause: error });
  }
}
