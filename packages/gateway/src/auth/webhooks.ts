import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { RealtimeError } from '@netbuild/realtime-protocol';
import { z } from 'zod';
import { createStandardCheck, createStripeCheck, type IsSigned } from './signatures.ts';

/** Bytes of a key of Standard Webhooks, at least, as its specification has them. */
const KEY = 24;

/** A secret of Standard Webhooks. */
export const standardSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'must be whsec_ and a key in base64')
  .refine((secret) => {
    const text = secret.slice('whsec_'.length);
    return text.length % 4 === 0 && Buffer.from(text, 'base64').length >= KEY;
  }, `must be whsec_ and a key of at least ${KEY} bytes in base64`);
const stripeSecret = z.string().min(16, 'must have at least 16 characters');

const common = {
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be letters, digits, and any of _ . -, at most 64: it is part of the path'),
  domain: z.string().min(1).max(64).optional(),
  source: z
    .string()
    .regex(/^[\w./-]{1,255}$/, 'must be letters, digits, and any of _ . / -')
    .optional(),
};
/** Any of them signs; a new one is added before the old one is taken away. */
const secrets = (secret: z.ZodType<string>) => z.array(secret).min(1).max(10);

/** The setting WEBHOOKS. */
export const webhookList = z
  .array(
    z.discriminatedUnion('scheme', [
      z.strictObject({ ...common, scheme: z.literal('standard'), secrets: secrets(standardSecret) }),
      z.strictObject({ ...common, scheme: z.literal('stripe'), secrets: secrets(stripeSecret) }),
    ]),
  )
  .max(1000)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two webhooks have one name');

/** The webhooks of a configuration. */
export type WebhookList = z.infer<typeof webhookList>;

/** A provider that may post here. */
export interface Webhook {
  name: string;
  scheme: 'standard' | 'stripe';
  /** Where its facts come from. */
  source: string;
  domain: string;
}

/** Knows providers by their signatures. */
export interface Webhooks {
  /**
   * Whose a request is.
   *
   * @param body as it came
   * @throws {@link RealtimeError} `signature_invalid`, also where there is no webhook of that name
   */
  verify(name: string, body: Buffer, headers: IncomingHttpHeaders): Webhook;
}

interface Known extends Webhook {
  checks: IsSigned[];
}

/** Makes the check of the webhooks that there are. */
export function createWebhooks(list: WebhookList, defaultDomain: string): Webhooks {
  const known = new Map<string, Known>(
    list.map(({ name, scheme, secrets, source = `webhook/${name}`, domain = defaultDomain }) => {
      const check = scheme === 'standard' ? createStandardCheck : createStripeCheck;
      return [name, { name, scheme, source, domain, checks: secrets.map((secret) => check(secret)) }];
    }),
  );
  // Whoever asks for a name that is not there waits for a check as well.
  const nobody: Known = {
    name: '',
    scheme: 'standard',
    source: '',
    domain: '',
    checks: [createStandardCheck(`whsec_${randomBytes(32).toString('base64')}`)],
  };

  return {
    verify(name, body, headers) {
      const { checks, ...webhook } = known.get(name) ?? nobody;
      if (!checks.some((isSigned) => isSigned(body, headers))) throw new RealtimeError('signature_invalid');
      return webhook;
    },
  };
}
