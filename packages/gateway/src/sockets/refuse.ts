import type { RealtimeError } from '@netbuild/realtime-protocol';
import type { WireSocket } from './wire-socket.ts';

/** Refuses what a socket has said before anybody listened: by its acknowledgement, or else by `refused`. */
export function refuse(socket: WireSocket, [event, ...said]: unknown[], refusal: RealtimeError): void {
  const error = refusal.toWire();
  const ack = said.at(-1);
  if (typeof ack === 'function') ack({ success: false, error });
  else socket.emit('refused', { event: String(event).slice(0, 100), error });
}

/** Whether anybody of ours listens to an event; Socket.IO listens to `error` itself, so that it ends no process. */
export function isServed(socket: WireSocket, event: string): boolean {
  return event !== 'error' && socket.listenerCount(event) > 0;
}
