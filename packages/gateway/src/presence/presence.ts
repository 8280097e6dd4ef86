import { randomUUID } from 'node:crypto';
import type { Log } from '@netbuild/realtime-log';
import type { Room } from '@netbuild/realtime-protocol';
import { type Attendance, createRegister, type PresenceWord } from './attendance.ts';
import type { PresenceTiming } from './timing.ts';

/** Who is where in one domain. */
export interface Presence {
  /** A socket of a person has come into a room of this node. */
  came(room: Room, userId: string): void;
  /** A socket of theirs has left it. */
  went(room: Room, userId: string): void;
  of(room: Room): Attendance;
  close(): void;
}

/** What nodes say to each other about it begins with this; what is for people is JSON. */
const OURS = 'presence ';

/** People are present in conversations and processes; in their own rooms, groups and domains nobody looks for them. */
const isPlace = (room: Room) => /^(execution|process):/.test(room);

/** @param tell tells who is in the rooms here */
export function createPresence(
  log: Pick<Log, 'cast' | 'hear'>,
  domain: string,
  tell: (words: PresenceWord[]) => void,
  timing: PresenceTiming,
): Presence {
  const register = createRegister({
    node: randomUUID(),
    cast: (text) => log.cast(domain, OURS + text),
    tell,
    now: () => performance.now(),
    timing,
  });
  const stop = log.hear((from, text) => {
    if (from === domain && text.startsWith(OURS)) register.hear(text.slice(OURS.length));
  });
  const timer = setInterval(register.tick.bind(register), timing.tick).unref();
  return {
    came: (room, userId) => isPlace(room) && register.came(room, userId),
    went: (room, userId) => isPlace(room) && register.went(room, userId),
    of: register.of,
    close() {
      clearInterval(timer);
      stop();
      register.close();
    },
  };
}
