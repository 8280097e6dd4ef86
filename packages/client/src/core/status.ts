import type { CloseCode } from '@netbuild/realtime-protocol';
import type { ErrorDetails } from './error.ts';

/** Why there is no connection just now. */
export type OfflineReason =
  /** The server can not be reached, or the connection broke. */
  | 'network'
  /** The function that gives tokens has failed, or gave none in time. */
  | 'token'
  /** The server is there and asks to come later. */
  | 'busy'
  /** The server said why it closes. */
  | CloseCode;

/** The connection as it is. Each state says whether it goes on by itself and what a caller must do. */
export type Status =
  /** Not connected, and trying again by itself at `retryAt`; `connect()` tries at once. */
  (
    | {
        state: 'offline';
        reason: OfflineReason;
        /** Epoch milliseconds. */
        retryAt: number;
        error?: ErrorDetails;
      }
    /** Opening a connection; goes on by itself. `attempt` counts from 1. */
    | { state: 'connecting'; attempt: number }
    /** Connected, and learning what was missed; goes on by itself. What is shown may be old. */
    | { state: 'catching-up' }
    /** What is shown is what is. */
    | { state: 'live' }
    /**
     * Connected, but the server no longer proves that nothing is missing; goes on by itself, and `connect()`
     * makes another connection at once.
     */
    | {
        state: 'stale';
        /** `silent`: its checkpoints have ceased. `unproven`: it sent none on this connection, as an older gateway does. */
        reason: 'silent' | 'unproven';
        /** When what is shown was last known to be whole, in epoch milliseconds. */
        provedAt: number;
      }
    /** The server will not have this client; only `connect()`, with another token, tries again. */
    | { state: 'refused'; error: ErrorDetails }
    /** Closed on purpose: not yet connected, by `disconnect()`, or by a server that said not to come back. */
    | { state: 'closed'; reason: 'by-hand' | CloseCode }
  ) & {
    /** The device says that it has no network. A fact beside the connection's own: each may be so without the other. */
    deviceOffline?: true;
    /**
     * The server's storage has failed over, and sources are about to send again what it may have lost: until then
     * something that was shown may be missing. A fact beside the state, since what is shown is what the server has.
     */
    rebuilding?: true;
  };

/** The coarse status that existing screens read. */
export type ConnectionStatus = 'connected' | 'disconnected';

/** Whether there is a connection in a state, of a status or of the machine. */
export const isConnected = (state: string): boolean => /^(catching-up|live|stale)$/.test(state);

/**
 * The coarse status of a status.
 *
 * @example const isConnected = connectionStatus(client.status.getSnapshot()) === 'connected';
 */
export function connectionStatus({ state }: Status): ConnectionStatus {
  return isConnected(state) ? 'connected' : 'disconnected';
}
