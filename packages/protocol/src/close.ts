/**
 * Why a server ends a connection, told in the event `closing` right before it does.
 * `comeBack`: whether a client should connect again by itself.
 */
export const CLOSES = {
  token_expired: { comeBack: true, reason: 'The token has expired; come back with a fresh one.' },
  stopping: { comeBack: true, reason: 'This node is stopping; another one, or the next start, has it all.' },
  behind: { comeBack: true, reason: 'The connection fell too far behind; come back and resume.' },
  rewound: { comeBack: true, reason: 'The log has lost what was sent last; come back for a fresh start.' },
  revoked: { comeBack: false, reason: 'The token was revoked; only another one is let in.' },
  renewed: {
    comeBack: true,
    reason: 'The fresh token opens rooms that the old one did not; come back with it.',
  },
  room_left: { comeBack: false, reason: 'What this stream shows is not for you any more.' },
  too_fast: {
    comeBack: true,
    reason: 'Too much was asked, over and over; come back later, and more slowly.',
  },
} as const satisfies Record<string, { comeBack: boolean; reason: string }>;

/** The name of a reason to close. */
export type CloseCode = keyof typeof CLOSES;

/** What `closing` carries. */
export interface Closing {
  code: CloseCode;
  reason: string;
  comeBack: boolean;
  /** Come back after so many milliseconds, not before. */
  retryAfter?: number;
}
