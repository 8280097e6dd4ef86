import type { IncomingHttpHeaders } from 'node:http';
import { check, type Fact } from '@netbuild/realtime-protocol';
import { z } from 'zod';
import type { Webhook } from '../../auth/webhooks.ts';
import { standardEvent, standardFact } from './standard.ts';
import { stripeEvent, stripeFact } from './stripe.ts';

/** What webhooks post. */
export const webhookEvent = z.union([standardEvent, stripeEvent]);

/**
 * What a webhook says, as a fact; none: nothing that is known here. The provider's id of the event is the fact's, so
 * that one which is sent again is known. It has no digest: providers send again after weeks, and its fold decides.
 *
 * @throws `invalid`, with the field that it lacks
 */
export function webhookFact(
  { name, scheme, source }: Webhook,
  body: unknown,
  headers: IncomingHttpHeaders,
): Fact | undefined {
  const said = scheme === 'standard' ? standardFact(body) : stripeFact(body);
  if (!said) return undefined;
  const given = scheme === 'standard' ? headers['webhook-id'] : (body as { id: unknown }).id;
  return {
    ...said,
    source,
    id: check(z.string().min(1).max(255), given, [scheme === 'standard' ? 'webhook-id' : 'id']),
    time: new Date(said.time).toISOString(),
    data: { provider: name, ...(said.data as object) },
  };
}
