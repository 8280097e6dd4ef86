import type { CloseCode } from '@netbuild/realtime-protocol';
import type { ErrorDetails } from './error.ts';

/** Why there is no connection just now. */
export type OfflineReason =
  /** The server can not be reached, or the connection broke. */
  | 'network'
  /** The function that gives tokens has failed. */
  | 'token'
  /** The server is there and asks to come later. */
  | 'busy'
  /** The server said why it closes. */
  | CloseCode;

/** The connection as it is. Each state says whether it goes on by itself and what a caller must do. */
export type Status =
  /** Not connected, and trying again by itself at `retryAt`; `connect()` tries at once. */
  | {
      state: 'offline';
      reason: OfflineReason /** Epoch milliseconds. */;
      retryAt: number;
      error?: ErrorDetails;
    }
  /** Opening a connection; goes on by itself. `attempt` counts from 1. */
  | { state: 'connecting'; attempt: number }
  /** Connected, and learning what happened meanwhile; goes on by itself. What is shown may be old. */
  | { state: 'catching-up' }
  /** What is shown is what is. */
  | { state: 'live' }
  /** The server will not have this client; only `connect()`, with another token, tries again. */
  | { state: 'refused'; error: ErrorDetails }
  /** Closed on purpose: not yet connected, by `disconnect()`, or by a server that said not to come back. */
  | { state: 'closed'; reason: 'by-hand' | CloseCode };

/** The coarse status that existing screens read. */
export type ConnectionStatus = 'connected' | 'disconnected';

/** The coarse status of a status. */
export function connectionStatus(status: Status): ConnectionStatus {
  return status.state === 'live' || status.state === 'catching-up' ? 'connected' : 'disconnected';
}
