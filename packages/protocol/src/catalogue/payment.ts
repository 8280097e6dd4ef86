import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import type { Change, Fact, Rows } from '../fact.ts';
import { room } from '../room.ts';
import { subject } from '../subject.ts';
import { withoutCard } from './card-number.ts';
import { defined, unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, time } from './fields.ts';

/** What can be said of a payment; of two that are said at the same time and weigh alike, the later one here counts. */
export const PAYMENT_STATUSES = [
  'initiated',
  'pending',
  'action_required',
  'failed',
  'cancelled',
  'succeeded',
  'partially_refunded',
  'refunded',
  'disputed',
] as const;

/** How far a payment has come. */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/**
 * A row never goes to a lower one, whatever comes late; among equals the provider's time decides. `failed` is below
 * `succeeded`, since people try again; money that was given back may still be disputed, and the other way round.
 */
const RANKS: Record<PaymentStatus, number> = {
  initiated: 0,
  pending: 1,
  action_required: 1,
  failed: 2,
  cancelled: 3,
  succeeded: 4,
  partially_refunded: 5,
  refunded: 6,
  disputed: 6,
};

/** The currencies of ISO 4217, as this process knows them. */
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

const name = withoutCard(id);
const text = withoutCard(line);

const paymentFields = {
  paymentId: name,
  /** In the minor unit of the currency: cents of EUR, yen of JPY. */
  amount: z.int().min(0),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'A currency has three capital letters: EUR.')
    .refine((code) => CURRENCIES.has(code), 'ISO 4217 has no such currency.'),
  executionId: name.optional(),
  processInstanceId: name.optional(),
  /** The user who pays. */
  payer: name.optional(),
  /** Who moves the money. */
  provider: name.optional(),
  /** What whoever is paid calls it: the number of an invoice. */
  reference: text.optional(),
  /** What it is paid by: `card`, `sepa_debit`. */
  method: name.optional(),
  description: text.optional(),
  /** Why it has come to its status, where that is no good one. */
  failure: text.optional(),
  /** When it began, where anybody has said so. */
  initiated: withoutCard(time).optional(),
};

const status = z.enum(PAYMENT_STATUSES);

const paymentData = z.object({
  ...paymentFields,
  status,
  /** When it came to its status, by the provider's clock. */
  updated: time,
  /** The same, where nothing is waited for any more; a failed one may be tried again all the same. */
  ended: time.optional(),
});

/** A payment as it now is. */
export type PaymentData = z.infer<typeof paymentData>;

const reported = z.object(paymentFields);
type Reported = z.infer<typeof reported>;

/**
 * Payments. What a domain is paid is not for all in it. Who pays has it in no room of their own: what stands in one
 * would let them in to the execution.
 */
export const payment = {
  kind: 'payment' as const,
  data: paymentData,
  rooms: ({ executionId, processInstanceId }: PaymentData) => [
    executionId === undefined ? undefined : room('execution', executionId),
    processInstanceId === undefined ? undefined : room('process', processInstanceId),
  ],
  isOpen: ({ ended }: PaymentData) => ended === undefined,
  people: { fields: ['payer'] as const, type: 'payment:status' as const },
};

const type = typesOf(payment);

/** The types of event that a payment has. */
export const paymentTypes = [
  type({
    type: 'payment:initiated',
    doc: 'A payment has begun; payment:status comes with it.',
    fact: reported,
    fold: (fact, rows) => foldStatus('initiated', fact, rows),
  }),
  type({
    type: 'payment:confirmed',
    doc: 'The money of a payment has come; payment:status comes with it.',
    fact: reported,
    fold: (fact, rows) => foldStatus('succeeded', fact, rows),
  }),
  type({
    type: 'payment:status',
    doc: 'Something about a payment has changed.',
    fact: reported.extend({ status }),
    fold: (fact, rows) => foldStatus(fact.data.status, fact, rows),
  }),
];

/**
 * What was said last counts, by the rank of its status and the provider's time, not by when it has come here. So it
 * makes no difference in which order a provider's words arrive; of a late one remains what no other has said.
 */
function foldStatus(status: PaymentStatus, fact: Fact & { data: Reported }, rows: Rows): Change[] {
  const of = subject('payment', fact.data.paymentId);
  const before = rows<PaymentData>(of);
  const heard = heardOf(status, fact);
  if (before) assertSame(before, heard);
  const [last, first] = !before || isLater(heard, before) ? [heard, before] : [before, heard];
  const after = defined({
    ...first,
    ...last,
    initiated: earliest(before?.initiated, heard.initiated),
    // These belong to the status: a payment that has succeeded bears no failure.
    failure: last.failure,
    ended: last.ended,
  });
  const change = { type: 'payment:status', subject: of, data: after } as const;
  const isNew = before?.status !== after.status;
  const special: Change[] =
    isNew && after.status === 'succeeded'
      ? [{ ...change, type: 'payment:confirmed' }]
      : isNew && after.status === 'initiated'
        ? [{ ...change, type: 'payment:initiated' }]
        : [];
  return [...special, ...unlessSame(before, change)];
}

function heardOf(status: PaymentStatus, { data, time }: Fact & { data: Reported }): PaymentData {
  const isOver = RANKS[status] >= RANKS.failed;
  return defined({
    ...data,
    status,
    initiated: data.initiated ?? (status === 'initiated' ? time : undefined),
    updated: time,
    ended: isOver ? time : undefined,
  });
}

/** Providers let an open payment be changed. Of money that has come there is one truth, and it has one provider. */
function assertSame(before: PaymentData, heard: PaymentData): void {
  const arePaid = [before, heard].every(({ status }) => RANKS[status] >= RANKS.succeeded);
  const isKnown = before.provider !== undefined && heard.provider !== undefined;
  for (const field of [...(arePaid ? ['amount', 'currency'] : []), ...(isKnown ? ['provider'] : [])] as const)
    if (before[field as 'amount'] !== heard[field as 'amount'])
      throw new RealtimeError('payment_mismatch', { field: `data.${field}` });
}

/** Times may be whole seconds, so of the same one something has to decide, and the same everywhere. */
function isLater(one: PaymentData, other: PaymentData): boolean {
  const [a, b] = [one, other].map(({ status, updated, amount, currency, failure = '' }) => [
    RANKS[status],
    Date.parse(updated),
    PAYMENT_STATUSES.indexOf(status),
    amount,
    currency,
    failure,
  ]);
  const at = a!.findIndex((value, i) => value !== b![i]);
  return at >= 0 && a![at]! > b![at]!;
}

function earliest(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(other) < Date.parse(one) ? other : one;
}
