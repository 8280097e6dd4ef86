import { setTimeout as sleep } from 'node:timers/promises';
import { createWork } from './executions.mjs';

/** What a delivery costs, in cents. */
export const PRICE = { amount: 4900, currency: 'EUR' };

/**
 * A plain program: asks the provider for the money of each delivery that waits for its payment, and tells the process
 * once the provider's webhook says that it has come.
 *
 * @param {{ client: object, provider: object, payMs: number }} tools
 *   `payMs`: milliseconds that whoever pays takes
 * @returns {(execution: import('./executions.mjs').Execution) => void}
 */
export function createCashier({ client, provider, payMs }) {
  const work = createWork('cashier');
  return ({ executionId, activities, events }) => {
    for (const { data } of activities) {
      if (data.activityId !== 'await-payment') continue;
      const { processInstanceId } = data;
      const payment = {
        paymentId: `delivery-${processInstanceId}`,
        ...PRICE,
        executionId,
        processInstanceId,
      };
      void work(`charge ${payment.paymentId}`, async () => {
        await provider.say('initiated', payment);
        await sleep(payMs);
        await provider.say('succeeded', payment);
      });
      const isPaid = events.some(
        ({ type, data }) => type === 'payment:confirmed' && data.paymentId === payment.paymentId,
      );
      if (!isPaid) continue;
      void work(`tell ${payment.paymentId}`, () =>
        // The same id for the same payment: however often it is told, the process hears of it once.
        client.command('message:correlate', {
          commandId: payment.paymentId,
          messageName: 'payment-confirmed',
          processInstanceId,
        }),
      );
    }
  };
}
