import type { Actor } from './actor.ts';

/** setTimeout can not wait longer (2^31 - 1 ms); a token that lives longer outlives the process's patience. */
const LONGEST_TIMEOUT = 2_147_483_647;

/** Calls back when the token ends; returns the way to stop waiting. */
export function onExpiry(actor: Actor, then: () => void): () => void {
  const left = Math.min(Math.max(actor.expires * 1000 - Date.now(), 0), LONGEST_TIMEOUT);
  const timer = setTimeout(then, left);
  return () => clearTimeout(timer);
}
