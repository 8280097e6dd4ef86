import type { Row } from '@netbuild/realtime-client';
import { memo } from 'react';
import { useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import { Card } from '../parts/card.tsx';
import { Chip, type Tone } from '../parts/chip.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { OfRow } from '../parts/of-row.tsx';
import { PAYMENT_TONES } from './tones.ts';

type Status = Row<'payment'>['data']['status'];

const WORDS = {
  en: {
    payer: 'Payer',
    reference: 'Reference',
    method: 'By',
    since: 'Since',
    statuses: {
      initiated: 'Begun',
      pending: 'Pending',
      action_required: 'Waits for its payer',
      failed: 'Failed',
      cancelled: 'Cancelled',
      succeeded: 'Received',
      partially_refunded: 'Refunded in part',
      refunded: 'Refunded',
      disputed: 'Disputed',
    } satisfies Record<Status, string>,
  },
  de: {
    payer: 'Zahlt',
    reference: 'Referenz',
    method: 'Per',
    since: 'Seit',
    statuses: {
      initiated: 'Begonnen',
      pending: 'In Arbeit',
      action_required: 'Bestätigung nötig',
      failed: 'Fehlgeschlagen',
      cancelled: 'Abgebrochen',
      succeeded: 'Eingegangen',
      partially_refunded: 'Teilweise erstattet',
      refunded: 'Erstattet',
      disputed: 'Angefochten',
    } satisfies Record<Status, string>,
  },
};

/** On a card, what is on its way is seen to be. */
const TONES: Record<Status, Tone> = { ...PAYMENT_TONES, pending: 'active' };

/** A row, or the id of a payment that is followed. */
export type PaymentCardProps = OfRow<Row<'payment'>>;

/**
 * A payment: how much, how far it has come, and why where that is not good.
 *
 * @example <PaymentCard row={row} />
 * @example <PaymentCard id={paymentId} />
 */
export const PaymentCard = memo(function PaymentCard(props: PaymentCardProps) {
  return (
    <OfRow list="payments" {...props}>
      {(row) => <Payment row={row} />}
    </OfRow>
  );
});

function Payment({ row }: { row: Row<'payment'> }) {
  const words = useWords(WORDS);
  const { money, moment } = useFormats();
  const {
    paymentId,
    amount,
    currency,
    status,
    payer,
    reference,
    method,
    provider,
    description,
    failure,
    updated,
  } = row.data;
  return (
    <Card
      row={row}
      name="payment-card"
      title={money(amount, currency)}
      state={status}
      side={<Chip tone={TONES[status]}>{words.statuses[status]}</Chip>}
      data={{ 'data-payment-id': paymentId }}
    >
      {description === undefined ? null : <p>{description}</p>}
      <Facts>
        <Fact name={words.payer}>{payer}</Fact>
        <Fact name={words.reference}>{reference}</Fact>
        <Fact name={words.method}>{[method, provider].filter(Boolean).join(', ')}</Fact>
        <Fact name={words.since}>
          <time dateTime={updated}>{moment(updated)}</time>
        </Fact>
      </Facts>
      {failure === undefined ? null : <p className="nb-bad">{failure}</p>}
    </Card>
  );
}
