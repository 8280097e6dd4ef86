import type { ErrorDetails } from '@netbuild/realtime-client';
import type { PlainSocket } from '@netbuild/realtime-client/plain';
import { atOnce } from './pace.ts';

/** The answer to something that was sent. */
export type SendAnswer = { success: true; [more: string]: unknown } | { success: false; error: ErrorDetails };

/**
 * Sends, with a change of the screen ahead of the answer.
 *
 * @param optimisticUpdate changes the screen; it may return what takes the change back.
 * @returns the answer. It never rejects, so it may be ignored.
 */
export type Send = (event: string, data: unknown, optimisticUpdate?: () => unknown) => Promise<SendAnswer>;

/**
 * Makes the `sendWithOptimisticUpdate` of a socket. What the client itself shows ahead of a command needs no undo; what
 * the function has changed elsewhere is the function's own to take back.
 */
export function sendThrough(socket: PlainSocket): Send {
  return (event, data, optimisticUpdate) => {
    const undo = optimisticUpdate?.();
    return new Promise((resolve) => {
      const settle = (answer: SendAnswer): void => {
        // Before the undo, which may throw.
        resolve(answer);
        if (!answer.success && typeof undo === 'function') undo();
      };
      atOnce(() => socket.emit(event, data, settle));
    });
  };
}
