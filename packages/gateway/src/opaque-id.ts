import { createHash } from 'node:crypto';

/** Characters of an id: 132 bits, so that no two come to the same. */
const LENGTH = 22;

/**
 * An id that is the same for the same names, and tells none of them: it stays where what it names is erased with the
 * person whose it was.
 */
export function opaqueId(...names: string[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest('base64url').slice(0, LENGTH);
}

/** The id of a reader's place in an execution. */
export function readIdOf(executionId: string, userId: string): string {
  return opaqueId('read', executionId, userId);
}
