import { RealtimeError } from '@netbuild/realtime-protocol';
import { depthErrorOf } from '../depth.ts';

/**
 * What is held to be fit of one that came with others, as a whole request is before its route sees it.
 *
 * @throws {@link RealtimeError} `invalid` where it is nested deeper than so many levels, or has names in it that
 *   stand for what objects are made of: whoever copies them would change more than a copy
 */
export function assertFit(value: unknown, levels: number): void {
  const tooDeep = depthErrorOf(value, levels);
  if (tooDeep) throw tooDeep;
  if (isPoisoned(value))
    throw new RealtimeError('invalid', { message: "It has the name of an object's prototype in it." });
}

function isPoisoned(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '__proto__')) return true;
  const made = Object.hasOwn(value, 'constructor') && (value as { constructor: unknown }).constructor;
  if (typeof made === 'object' && made !== null && Object.hasOwn(made, 'prototype')) return true;
  return Object.values(value).some(isPoisoned);
}
