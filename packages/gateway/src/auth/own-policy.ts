import { pathToFileURL } from 'node:url';
import type { CommandName, CommandPayload, Room } from '@netbuild/realtime-protocol';
import type { Actor } from './actor.ts';

/** An answer: yes or no, and for how many seconds it holds before it is asked for again (default: as long as one is there). */
export type Verdict = boolean | { may: boolean; seconds?: number };

/** A command that somebody sends. */
export type AskedCommand = { [N in CommandName]: { name: N; payload: CommandPayload<N> } }[CommandName];

/**
 * A policy of one's own. Each function replaces the built-in decision; `standard` asks for that, so that it can be
 * widened (`(await standard()) || …`) or narrowed (`… && standard()`). What throws, or is neither, is a refusal.
 *
 * @example
 * export const policy = {
 *   mayEnter: async (actor, room, standard) => (await standard()) || actor.roles.includes('auditor'),
 * };
 */
export interface OwnPolicy {
  /** Who may be in a room, and read what it shows. */
  mayEnter?(actor: Actor, room: Room, standard: () => Promise<boolean>): Verdict | Promise<Verdict>;
  /** Who may send a command. What the command itself asks for (that a task is open, say) is checked all the same. */
  mayCommand?(
    actor: Actor,
    command: AskedCommand,
    standard: () => Promise<boolean>,
  ): boolean | Promise<boolean>;
}

/**
 * Loads a policy from a module: what it exports as `mayEnter` and `mayCommand`, or the same as its default.
 *
 * @throws an error that names what is wrong with it
 */
export async function loadPolicy(path: string): Promise<OwnPolicy> {
  const module = (await import(pathToFileURL(path).href)) as OwnPolicy & { default?: OwnPolicy };
  const own = { ...module.default, ...module };
  const { mayEnter, mayCommand } = own;
  const wrong = [mayEnter, mayCommand].some((one) => one !== undefined && typeof one !== 'function');
  if (wrong || !(mayEnter ?? mayCommand))
    throw new Error(`POLICY: ${path} exports no function mayEnter or mayCommand.`);
  return { ...(mayEnter && { mayEnter }), ...(mayCommand && { mayCommand }) };
}
