import { createHmac } from 'node:crypto';
import { charge, INTENTS, intent } from '../../packages/gateway/src/ingest/webhooks/stripe.ts';
import { CATALOGUE, PAYMENT_STATUSES } from '../../packages/protocol/src/index.ts';
import { schemaOf } from './schema.mjs';

/** The secret of both: whoever sends these has it. */
const SECRET = `whsec_${Buffer.from('a-secret-of-the-run-of-32-bytes!').toString('base64')}`;

/** One provider of each scheme, as the setting WEBHOOKS has them. */
export const WEBHOOKS = ['standard', 'stripe'].map((scheme) => ({ name: scheme, scheme, secrets: [SECRET] }));

/**
 * What providers would say if they were hostile, signed as theirs.
 *
 * @param {ReturnType<import('../../scripts/lib/random.mjs').randomOf>} random
 * @param {ReturnType<import('./values.mjs').valuesOf>} values
 */
export function webhooksOf(random, values) {
  const payment = schemaOf(CATALOGUE.get('payment:status').fact);
  const objects = [intent, charge].map(schemaOf);
  const said = {
    standard: () => ({
      type: `payment.${random.pick(PAYMENT_STATUSES)}`,
      timestamp: values.time(),
      data: payment,
    }),
    stripe: () => ({
      id: values.name(),
      type: random.pick([...Object.keys(INTENTS), 'charge.refunded']),
      created: random.pick([0, 1_700_000_000, 253_402_300_799, Number.MAX_SAFE_INTEGER, -1, 1.5]),
      data: { object: random.pick(objects) },
    }),
  };
  const sign = {
    standard(body, time) {
      const id = `msg-${random.below(1000)}`;
      const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64');
      return { 'webhook-id': id, 'webhook-timestamp': String(time), 'webhook-signature': `v1,${signature}` };
    },
    stripe(body, time) {
      const signature = createHmac('sha256', SECRET).update(`${time}.`).update(body).digest('hex');
      return { 'stripe-signature': `t=${time},v1=${signature}` };
    },
  };

  function written(scheme) {
    const twist = random.pick([0, 0.05, 0.2]);
    const { data, ...rest } = said[scheme]();
    const inside = data.object
      ? `{"object":${values.fitting(data.object, twist)}}`
      : values.fitting(data, twist);
    return `${JSON.stringify(rest).slice(0, -1)},"data":${inside}}`;
  }

  /** A request whose signature is right. */
  return function webhook() {
    const { name, scheme } = random.pick(WEBHOOKS);
    const kind = random.weighed({ written: 8, any: 1, bytes: 1 });
    const body =
      kind === 'written'
        ? written(scheme)
        : kind === 'any'
          ? values.any()
          : values.bytes(random.between(0, 200));
    const headers = {
      'content-type': 'application/json',
      ...sign[scheme](body, Math.floor(Date.now() / 1000)),
    };
    return { method: 'POST', path: `/v1/webhooks/${name}`, headers, body };
  };
}
