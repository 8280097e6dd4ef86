import { LogError } from '@netbuild/realtime-log';
import { RealtimeError } from '@netbuild/realtime-protocol';

/** Anything that was thrown as an error of the table: what the storage says has a place in it, too. */
export function errorOf(thrown: unknown): RealtimeError {
  if (thrown instanceof LogError && thrown.code !== 'misused') {
    return new RealtimeError('storage_unavailable', { cause: thrown });
  }
  return RealtimeError.from(thrown);
}
