/**
 * A random id. `crypto.randomUUID` is missing on pages that came over plain HTTP from another machine.
 *
 * @example
 * const commandId = newId(); // given again with the same id, a command is done once all the same
 * await client.command('task:claim', { taskId, commandId });
 */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
