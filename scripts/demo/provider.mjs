import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** How long the stand-in waits before it sends again what was not taken, in milliseconds. */
const AGAIN = 500;

/**
 * A stand-in for a provider of payments. No money moves; but it signs its webhooks as the official library of
 * Standard Webhooks does, and sends again what was not answered, as providers do.
 *
 * @param {{ url: string, secret: string }} options `url`: of the webhook at the gateway; `secret`: `whsec_…`
 */
export function createProvider({ url, secret }) {
  const webhook = new Webhook(secret);
  return {
    /**
     * Says what has become of a payment; it is back when that was taken.
     *
     * @param {string} status `initiated`, `succeeded`: see docs/payments.md
     * @param {{ paymentId: string }} payment
     */
    async say(status, payment) {
      const id = `${payment.paymentId}/${status}`;
      const body = JSON.stringify({
        type: `payment.${status}`,
        timestamp: new Date().toISOString(),
        data: payment,
      });
      for (;;) {
        const now = new Date();
        const answer = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'webhook-id': id,
            'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
            'webhook-signature': webhook.sign(id, now, body),
          },
          body,
        }).catch(() => undefined);
        if (answer?.ok) return;
        // What is refused for good does not get better by asking again.
        if (answer && answer.status < 500 && answer.status !== 429)
          throw new Error(`The webhook of ${id} was refused: ${answer.status} ${await answer.text()}`);
        await sleep(AGAIN);
      }
    },
  };
}
