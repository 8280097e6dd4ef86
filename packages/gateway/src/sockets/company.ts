import { check, type PresenceAnswer, RealtimeError, type Room, room } from '@netbuild/realtime-protocol';
import { z } from 'zod';
import type { Channel } from '../delivery/delivery.ts';
import type { Member } from '../delivery/member.ts';

/** Milliseconds within which a person's typing in one execution is said once; what is shown of it holds longer. */
const TYPING_EVERY = 2000;

const presenceRequest = z.object({ room: z.string().max(300) });
const typingRequest = z.object({ executionId: z.string().min(1).max(255) });

/** What a socket asks and says about who is there. */
export interface Company {
  /** Who is in a room that the socket is in. */
  presence(input: unknown, channel: Channel): PresenceAnswer;
  /** Says to the others that its person is writing. */
  typing(input: unknown, channel: Channel): { success: true };
}

/** @throws RealtimeError by both, `forbidden`: only who is in a room hears of the others, and is heard */
export function createCompany(member: Member, userId: string): Company {
  let typed = { executionId: '', at: Number.NEGATIVE_INFINITY };

  function presenceIn(name: string, { presence }: Channel): NonNullable<Channel['presence']> {
    if (!presence) throw new RealtimeError('unknown_command', { message: 'Presence is off here.' });
    if (!member.rooms.has(name as Room)) throw new RealtimeError('forbidden');
    return presence;
  }

  return {
    presence(input, channel) {
      const { room: name } = check(presenceRequest, input);
      return { success: true, room: name as Room, ...presenceIn(name, channel).of(name as Room) };
    },
    typing(input, channel) {
      const { executionId } = check(typingRequest, input);
      const name = room('execution', executionId);
      presenceIn(name, channel);
      const now = performance.now();
      // Who says it at every key says nothing more by it.
      if (executionId === typed.executionId && now - typed.at < TYPING_EVERY) return { success: true };
      typed = { executionId, at: now };
      channel.whisper({ type: 'typing', rooms: [name], data: { executionId, userId } });
      return { success: true };
    },
  };
}
