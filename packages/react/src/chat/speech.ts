import { isOf, type Row } from '@netbuild/realtime-client';
import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import { useEffect, useState } from 'react';
import { useWebSocket } from '../context.ts';

/** What was heard of an agent's message, in one piece: its text from an offset on. */
export interface Piece {
  offset: number;
  text: string;
}

/** Messages of which something is held. The oldest goes: its text is durable by then. */
const MOST = 50;

/** By its message, what agents are saying and what is not durable yet, as far as it was heard. */
export function useSpeech(): ReadonlyMap<string, Piece> {
  const { client } = useWebSocket();
  const [pieces, setPieces] = useState<ReadonlyMap<string, Piece>>(new Map());
  useEffect(
    () =>
      client.on('agent:delta', ({ data: { messageId, offset, text } }) =>
        setPieces((before) => {
          const after = new Map(before);
          after.delete(messageId);
          after.set(messageId, joined(before.get(messageId), { offset, text }));
          if (after.size > MOST) after.delete(after.keys().next().value!);
          return after;
        }),
      ),
    [client],
  );
  return pieces;
}

/** The piece with another one; where there is a hole before that, it begins anew. */
function joined(before: Piece | undefined, { offset, text }: Piece): Piece {
  const at = before ? offset - before.offset : -1;
  if (!before || at < 0 || at > before.text.length) return { offset, text };
  // What was said before, and comes late, takes nothing away.
  if (at + text.length <= before.text.length) return before;
  return { offset: before.offset, text: before.text.slice(0, at) + text };
}

/** What is durable of a message, and what was heard of it beyond that, where the one reaches the other. */
export function withSpeech(content: string, piece: Piece | undefined): string {
  const from = piece ? content.length - piece.offset : -1;
  return from < 0 ? content : content + piece!.text.slice(from);
}

/** Whether an agent may say more of its message: what it was saying when its run ended is in there, or is lost. */
export function isSpeaking(event: RealtimeEvent): event is Row<'agent'> {
  return isOf('agent', event) && event.data.ended === undefined && event.data.messageId !== undefined;
}
