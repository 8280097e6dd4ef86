import { RealtimeError } from '@netbuild/realtime-protocol';

/** The refusal of what goes beyond a limit, with when it may be asked again. */
export function tooMany(wait: number, message?: string): RealtimeError {
  return new RealtimeError('too_many_requests', {
    retryAfter: Math.ceil(wait),
    ...(message === undefined ? {} : { message }),
  });
}
