import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** Seconds that a signature's time may be off, either way: a repeat of what was overheard is of no use afterwards. */
const TOLERANCE = 300;

/** The most signatures of one request that are looked at; a provider that changes its secret sends two. */
const MOST_SIGNATURES = 10;

/**
 * Says whether a body is signed by a secret, now.
 *
 * @param body as it came: the signature is over its bytes
 */
export type IsSigned = (body: Buffer, headers: IncomingHttpHeaders) => boolean;

/**
 * Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
 * HMAC-SHA256 of `id.timestamp.body`, base64, in `webhook-signature` as `v1,…`, several separated by blanks.
 *
 * @param secret `whsec_` and the key in base64
 */
export function createStandardCheck(secret: string): IsSigned {
  const webhook = new Webhook(secret);
  return (body, headers) => {
    const of = (name: string) => String(headers[name] ?? '');
    const signatures = of('webhook-signature').split(' ', MOST_SIGNATURES).join(' ');
    const said = {
      'webhook-id': of('webhook-id'),
      // The library reads the number that a text begins with, and this is what is signed.
      'webhook-timestamp': /^\d{1,12}$/.test(of('webhook-timestamp')) ? of('webhook-timestamp') : '',
      'webhook-signature': signatures,
    };
    try {
      webhook.verify(body, said, { jsonParse: false });
      return true;
    } catch (error) {
      if (error instanceof WebhookVerificationError) return false;
      throw error;
    }
  };
}

/**
 * Stripe's scheme (https://docs.stripe.com/webhooks#verify-manually): `Stripe-Signature: t=…,v1=…`, where each `v1`
 * is the HMAC-SHA256 of `t.body` in hexadecimal digits, by the whole text of the secret; other schemes are ignored.
 */
export function createStripeCheck(secret: string): IsSigned {
  return (body, headers) => {
    const parts = String(headers['stripe-signature'] ?? '').split(',', 2 * MOST_SIGNATURES);
    const valuesOf = (key: string) =>
      parts.flatMap((part) => (part.trim().startsWith(`${key}=`) ? [part.trim().slice(key.length + 1)] : []));
    const [time = '', ...more] = valuesOf('t');
    if (more.length > 0 || !/^\d{1,12}$/.test(time)) return false;
    if (Math.abs(Date.now() / 1000 - Number(time)) > TOLERANCE) return false;
    const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
    return valuesOf('v1')
      .filter((value) => /^[0-9a-f]{64}$/.test(value))
      .some((value) => timingSafeEqual(Buffer.from(value, 'hex'), expected));
  };
}
