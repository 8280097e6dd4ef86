import { CATALOGUE, INWARD_KINDS, isCustomType } from '@netbuild/realtime-protocol';
import { z } from 'zod';
import { isPattern, matches } from '../auth/pattern.ts';
import { standardSecret } from '../auth/webhooks.ts';

/** Types that are told to anybody at all. */
const TOLD = [...CATALOGUE.values()]
  .filter(({ subject }) => !INWARD_KINDS.includes(subject.kind))
  .map(({ type }) => type);

/** Whether there can be an event of this type; a misspelt one would be waited for in vain. */
function isTold(pattern: string): boolean {
  const isCustom = isCustomType(pattern.replace(/\*$/, 'x')) || /^(x:?)?\*$/.test(pattern);
  return isCustom || TOLD.some((type) => matches(pattern, type));
}

const address = z.string().check(({ value, issues }) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const refuse = (message: string) => issues.push({ code: 'custom', message, input: value });
  if (url === undefined || !/^https?:$/.test(url.protocol)) refuse('must be an http:// or https:// URL');
  else if (url.username !== '' || url.password !== '')
    refuse('must have no user or password in it: the signature says who asks');
});

const subscription = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'a subscription needs a name: letters, digits, and any of _ . -, at most 64'),
  url: address,
  /** Each signs; a new one is added before the old one is taken away. */
  secrets: z.array(standardSecret).min(1).max(10),
  types: z
    .array(z.string().refine(isTold, 'is no type of event that is told, nor the beginning of one with a *'))
    .min(1)
    .max(200)
    .optional(),
  rooms: z
    .array(z.string().refine(isPattern, 'is no room, nor the beginning of one with a * at the end'))
    .min(1)
    .max(500)
    .optional(),
  domain: z.string().min(1).max(64).optional(),
  retryHours: z.number().positive().max(720).default(24),
});

/** The setting SUBSCRIPTIONS. */
export const subscriptionList = z
  .array(subscription)
  .max(200)
  .refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    'two subscriptions have one name',
  );

/** A subscription of the configuration. */
export type SubscriptionSettings = z.infer<typeof subscription>;
