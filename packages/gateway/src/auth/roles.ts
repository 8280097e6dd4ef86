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

/**
 * Who runs the place sees what goes on in it, and has what has failed tried again; says and decides nothing. A
 * moderator deletes what others have said, where they take part.
 */
export const DEFAULT_ROLES: Roles = {
  operations: { rooms: ['definition:*', 'process:*', 'execution:*'], commands: ['incident:retry'] },
  moderator: { rooms: [], commands: ['message:delete'] },
};

/** Whether a role of a person opens a room; for a command, whether to do that there. */
export function isOpenByRole(roles: Roles, actor: Actor, room: Room, command?: CommandName): boolean {
  return rolesOf(roles, actor, command).some(({ rooms }) => rooms.some((pattern) => names(pattern, room)));
}

/**
 * Whether a role lets a person do something to what is others' in a room that they are in: one that opens no rooms
 * counts wherever they take part, each other one in what it opens.
 */
export function isModerator(roles: Roles, actor: Actor, room: Room, command: CommandName): boolean {
  const isAnywhere = rolesOf(roles, actor, command).some(({ rooms }) => rooms.length === 0);
  return isAnywhere || isOpenByRole(roles, actor, room, command);
}

/** What the roles of a person open; for a command, those that name it. */
function rolesOf(roles: Roles, actor: Actor, command?: CommandName) {
  return actor.roles
    .flatMap((name) => (Object.hasOwn(roles, name) ? roles[name]! : []))
    .filter(({ commands }) => command === undefined || commands.includes(command));
}
