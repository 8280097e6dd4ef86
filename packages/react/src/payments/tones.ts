import type { PaymentData } from '@netbuild/realtime-protocol';
import type { Tone } from '../parts/chip.tsx';

/** What has become of money, by what it means to whoever waits for it. */
export const PAYMENT_TONES: Record<PaymentData['status'], Exclude<Tone, 'active'>> = {
  initiated: 'plain',
  pending: 'plain',
  action_required: 'attention',
  failed: 'bad',
  cancelled: 'bad',
  succeeded: 'good',
  partially_refunded: 'attention',
  refunded: 'attention',
  disputed: 'bad',
};
