import type { Room } from '@netbuild/realtime-protocol';
import type { Actor } from './actor.ts';

/** Asks an engine whether a person may see what a room is of; `holds`: for how many milliseconds that counts. */
export type AskEngine = (actor: Actor, name: Room) => Promise<{ may: boolean; holds: number } | undefined>;
