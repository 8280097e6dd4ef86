import { check, type Fact, PAYMENT_STATUSES } from '@netbuild/realtime-protocol';
import { z } from 'zod';

/** An event as the specification of Standard Webhooks has it; its id comes in a header, and is signed, too. */
export const standardEvent = z.object({
  type: z.string().max(255).describe('`payment.<status>`; others are ignored.'),
  timestamp: z.iso.datetime({ offset: true }),
  data: z.unknown().describe('The fields of a payment.'),
});

const STATUSES = new Set<string>(PAYMENT_STATUSES);

/** What an event says of a payment; none: it is about something else. */
export function standardFact(body: unknown): Pick<Fact, 'type' | 'time' | 'data'> | undefined {
  const { type, timestamp, data } = check(standardEvent, body);
  const [, status] = /^payment\.(.+)$/.exec(type) ?? [];
  if (status === undefined || !STATUSES.has(status)) return undefined;
  return {
    type: 'payment:status',
    time: timestamp,
    data: { ...check(z.looseObject({}), data, ['data']), status },
  };
}
