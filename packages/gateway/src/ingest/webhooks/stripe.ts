import { check, type Fact, type PaymentStatus } from '@netbuild/realtime-protocol';
import { z } from 'zod';

/** Epoch seconds, until the last year that has four digits. */
const seconds = z.int().min(0).max(253_402_300_799);

/** An event of Stripe (https://docs.stripe.com/api/events/object). */
export const stripeEvent = z.object({
  id: z.string().min(1).max(255),
  type: z.string().max(255).describe('One of `payment_intent.…`, or `charge.refunded`; others are ignored.'),
  created: seconds.describe('Epoch seconds.'),
  data: z.object({ object: z.unknown() }),
});

/** What a merchant may write on a payment for us; whatever else is there is not looked at. */
const metadata = z
  .object({
    executionId: z.string().optional(),
    processInstanceId: z.string().optional(),
    payer: z.string().optional(),
  })
  .nullish();

const common = {
  id: z.string(),
  currency: z.string(),
  created: seconds,
  description: z.string().nullish(),
  metadata,
};

/** What the event of a payment intent is about. */
export const intent = z.object({
  ...common,
  amount: z.int(),
  amount_received: z.int().optional(),
  payment_method_types: z.array(z.string()).optional(),
  cancellation_reason: z.string().nullish(),
  last_payment_error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

/** What the event of a charge is about. */
export const charge = z.object({
  ...common,
  amount_captured: z.int(),
  amount_refunded: z.int(),
  payment_intent: z.string().nullish(),
  payment_method_details: z.object({ type: z.string() }).nullish(),
});

/** Stripe's names of what becomes of a payment intent. */
export const INTENTS: Record<string, PaymentStatus> = {
  'payment_intent.created': 'initiated',
  'payment_intent.processing': 'pending',
  'payment_intent.requires_action': 'action_required',
  'payment_intent.payment_failed': 'failed',
  'payment_intent.canceled': 'cancelled',
  'payment_intent.succeeded': 'succeeded',
};

/** What an event says of a payment; none: it is about something else. */
export function stripeFact(body: unknown): Pick<Fact, 'type' | 'time' | 'data'> | undefined {
  const { type, created, data } = check(stripeEvent, body);
  const status = Object.hasOwn(INTENTS, type) ? INTENTS[type]! : undefined;
  if (status === undefined && type !== 'charge.refunded') return undefined;
  return {
    type: 'payment:status',
    time: timeOf(created),
    data: status ? ofIntent(status, data.object) : ofRefund(data.object),
  };
}

function ofIntent(status: PaymentStatus, object: unknown): object {
  const said = check(intent, object, ['data', 'object']);
  const [method, ...others] = said.payment_method_types ?? [];
  return {
    ...commonOf(said),
    paymentId: said.id,
    status,
    // What has come may be less than what was asked for, and this is what a refund is of.
    amount: status === 'succeeded' ? (said.amount_received ?? said.amount) : said.amount,
    initiated: timeOf(said.created),
    // Of several it is not known which.
    method: others.length === 0 ? method : undefined,
    failure: failureOf(status, said),
  };
}

function failureOf(status: PaymentStatus, said: z.infer<typeof intent>): string | undefined {
  const { last_payment_error: error, cancellation_reason: reason } = said;
  if (status === 'cancelled') return reason ?? undefined;
  return status === 'failed' ? (error?.message ?? error?.code ?? undefined) : undefined;
}

function ofRefund(object: unknown): object {
  const said = check(charge, object, ['data', 'object']);
  return {
    ...commonOf(said),
    // Charges of before payment intents have none.
    paymentId: said.payment_intent ?? said.id,
    status: said.amount_refunded < said.amount_captured ? 'partially_refunded' : 'refunded',
    amount: said.amount_captured,
    method: said.payment_method_details?.type,
  };
}

function commonOf({ currency, description, metadata }: z.infer<typeof intent> | z.infer<typeof charge>) {
  const { executionId, processInstanceId, payer } = metadata ?? {};
  return {
    currency: currency.toUpperCase(),
    description: description ?? undefined,
    executionId: executionId || undefined,
    processInstanceId: processInstanceId || undefined,
    payer: payer || undefined,
  };
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
