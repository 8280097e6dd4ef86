import { z } from 'zod';
import { type Subject, subject } from '../subject.ts';
import { defined } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, time } from './fields.ts';

const reached = {
  /** As the setting names it. */
  name: id,
  /** Whose log it hears. */
  domain: z.string().min(1).max(64),
  /** The node that delivers, in this run of it. */
  holder: id,
  /** The life of the log that `seq` is of. */
  epoch: id,
  /** The receiver has acknowledged all that it is to hear up to here. */
  seq: z.number().int().min(0),
  /** What comes next could not be delivered so far. */
  failing: z
    .object({
      /** Its place in the log. */
      seq: z.number().int().positive(),
      since: time,
      attempts: z.number().int().positive(),
      /** What came of the last one. */
      why: line,
    })
    .optional(),
  /** When the receiver said that it wants no more. */
  gone: time.optional(),
};

const subscriptionData = z.object({ ...reached, /** When this was written. */ noted: time });

/** How far the receiver of a subscription has come in a domain's log. */
export type SubscriptionData = z.infer<typeof subscriptionData>;

/** Names the row of a subscription. */
export function subscriptionSubject(name: string): Subject {
  return subject('subscription', name);
}

/** The subscriptions of NetBuild's services, a row each, in the nodes' own domain. */
export const subscription = {
  kind: 'subscription' as const,
  data: subscriptionData,
  rooms: () => [],
  isOpen: () => true,
};

const type = typesOf(subscription);

/** The types of event that subscriptions have. */
export const subscriptionTypes = [
  type({
    type: 'subscription:reached',
    doc: 'The receiver of a subscription has come so far, can not be reached, or wants no more.',
    publishable: false,
    fact: z.object(reached),
    fold: ({ data, time: noted }, rows) => {
      const name = subscriptionSubject(data.name);
      rows(name);
      return [{ type: 'subscription:reached', subject: name, data: defined({ ...data, noted }) }];
    },
  }),
  type({
    type: 'subscription:resumed',
    doc: 'A receiver that wanted no more is told again what the log says.',
    publishable: false,
    fact: subscriptionData.pick({ name: true }),
    fold: ({ data, time: noted }, rows) => {
      const name = subscriptionSubject(data.name);
      const before = rows<SubscriptionData>(name);
      if (before?.gone === undefined) return [];
      const { gone: _gone, failing: _failing, ...rest } = before;
      return [{ type: 'subscription:resumed', subject: name, data: { ...rest, noted } }];
    },
  }),
];
