import { COMMANDS, type CommandName, type Room } from '@netbuild/realtime-protocol';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { isPattern, names } from './pattern.ts';

const role = z.strictObject({
  rooms: z.array(z.string().refine(isPattern, 'is no room, and no pattern of rooms')).default([]),
  commands: z.array(z.string().refine((name) => Object.hasOwn(COMMANDS, name), 'is no command')).default([]),
});

/** The setting ROLES. */
export const roleList = z.record(z.string().min(1).max(64), role);

/** What each role may see, and do there, beside what the rows say. */
export type Roles = z.infer<typeof roleList>;

/** Who runs the place sees what goes on in it, and has what has failed tried again; says and decides nothing. */
export const DEFAULT_ROLES: Roles = {
  operations: { rooms: ['definition:*', 'process:*', 'execution:*'], commands: ['incident:retry'] },
};

/** Whether a role of a person opens a room; for a command, whether to do that there. */
export function isOpenByRole(roles: Roles, actor: Actor, room: Room, command?: CommandName): boolean {
  return actor.roles.some((name) => {
    const found = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (!found || (command && !found.commands.includes(command))) return false;
    return found.rooms.some((pattern) => names(pattern, room));
  });
}
