import type { ErrorDetails } from '@netbuild/realtime-client';
import type { PlainSocket } from '@netbuild/realtime-client/plain';

/** The answer to something that was sent. */
export type SendAnswer = { success: true; [more: string]: unknown } | { success: false; error: ErrorDetails };

/**
 * Sends, with a change of the screen ahead of the answer.
 *
 * @param optimisticUpdate changes the screen; it may return what takes the change back.
 * @returns the answer. It never rejects, so it may be ignored.
 */
export type Send = (event: string, data: unknown, optimisticUpdate?: () => unknown) => Promise<SendAnswer>;

/** Makes the `sendWithOptimisticUpdate` of a socket. */
export function sendThrough(socket: PlainSocket): Send {
  return (event, data, optimisticUpdate) => {
    const undo = optimisticUpdate?.();
    return new Promise((resolve) => {
      socket.emit(event, data, (answer: SendAnswer) => {
        if (!answer.success && typeof undo === 'function') undo();
        resolve(answer);
      });
    });
  };
}
