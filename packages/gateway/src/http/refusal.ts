import { ERRORS, type ErrorCode } from '@netbuild/realtime-protocol';
import type { FastifyReply } from 'fastify';

/** Gives an answer the status of an error, and says when to come back. */
export function refusedBy(
  reply: FastifyReply,
  { code, retryAfter }: { code: ErrorCode; retryAfter?: number | undefined },
): FastifyReply {
  if (retryAfter !== undefined) reply.header('retry-after', Math.ceil(retryAfter / 1000));
  return reply.status(ERRORS[code].status);
}
