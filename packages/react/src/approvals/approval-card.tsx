import type { Row } from '@netbuild/realtime-client';
import { memo } from 'react';
import { useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Card, type RenderPart, usualPart } from '../parts/card.tsx';
import { Chip, type Tone } from '../parts/chip.tsx';
import { Due } from '../parts/due.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { OfRow } from '../parts/of-row.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { useRefusal } from '../parts/use-refusal.ts';
import { DecideForm } from '../tasks/decide-form.tsx';
import { useCommand } from '../use-command.ts';
import { useIdentity } from '../use-status.ts';
import { Among } from './among.tsx';

const WORDS = {
  en: {
    asks: 'Asked by',
    asked: 'Asks',
    you: 'you',
    nobody: 'nobody',
    by: 'By',
    why: 'Reason',
    when: 'On',
    states: {
      requested: 'Waits',
      approved: 'Approved',
      rejected: 'Rejected',
      decided: 'Decided',
      cancelled: 'Cancelled',
    },
  },
  de: {
    asks: 'Angefragt von',
    asked: 'Gefragt:',
    you: 'Sie',
    nobody: 'niemand',
    by: 'Von',
    why: 'Grund',
    when: 'Am',
    states: {
      requested: 'Offen',
      approved: 'Zugestimmt',
      rejected: 'Abgelehnt',
      decided: 'Entschieden',
      cancelled: 'Abgebrochen',
    },
  },
};

const TONES: Record<Row<'approval'>['data']['state'], Tone> = {
  requested: 'attention',
  approved: 'good',
  rejected: 'bad',
  decided: 'good',
  cancelled: 'plain',
};

/** How an approval is shown, beside which one it is. */
export interface ApprovalCardOptions {
  /** In the place of the decision's buttons. */
  renderActions?: RenderPart<Row<'approval'>> | undefined;
}

/** A row, or the id of an approval that is followed; and how it is shown. */
export type ApprovalCardProps = OfRow<Row<'approval'>> & ApprovalCardOptions;

/**
 * An approval: what is asked of whom, until when, how it was decided and why; and its buttons for who may decide.
 * Of several that are asked together it says how many have decided.
 *
 * @example <ApprovalCard row={row} />
 * @example <ApprovalCard id={approvalId} />
 */
export const ApprovalCard = memo(function ApprovalCard({ row, id, ...options }: ApprovalCardProps) {
  return (
    <OfRow list="approvals" {...(row ? { row } : { id: id! })}>
      {(shown) => <Approval row={shown} {...options} />}
    </OfRow>
  );
});

function Approval({ row, renderActions = usualPart }: ApprovalCardOptions & { row: Row<'approval'> }) {
  const words = useWords(WORDS);
  const { moment } = useFormats();
  const identity = useIdentity();
  const { approvalId, title, description, state, requestedBy, due, assignee, reasonRequired } = row.data;
  const { candidateUsers, candidateGroups, decidedBy, reason, ended, among, of } = row.data;
  const decide = useCommand('approval:decide', approvalId);
  const error = useRefusal(row, decide.error, decide.reset);
  const me = identity?.userId;
  const isOpen = state === 'requested';
  const isForMe =
    isOpen &&
    (assignee === undefined
      ? candidateGroups.some((group) => identity?.groups.includes(group)) ||
        candidateUsers.some((user) => user === me)
      : assignee === me);
  return (
    <Card
      row={row}
      name="approval-card"
      title={title ?? approvalId}
      state={state}
      side={<Chip tone={TONES[state]}>{words.states[state]}</Chip>}
      isMine={isForMe}
      data={{ 'data-approval-id': approvalId }}
    >
      {description === undefined ? null : <p>{description}</p>}
      <Facts>
        {isOpen ? (
          <Fact name={words.asked}>
            {assignee === undefined ? (
              [...candidateGroups, ...candidateUsers].join(', ') || words.nobody
            ) : (
              <span className="nb-holder">
                <Avatar name={assignee} />
                {assignee === me ? words.you : assignee}
              </span>
            )}
          </Fact>
        ) : (
          <Fact name={words.by}>{decidedBy}</Fact>
        )}
        <Fact name={words.asks}>{requestedBy}</Fact>
        {isOpen && due !== undefined ? <Due time={due} /> : null}
        {!isOpen && ended !== undefined ? <Fact name={words.when}>{moment(ended)}</Fact> : null}
        <Among among={among} of={of} />
      </Facts>
      {reason === undefined ? null : (
        <p className="nb-quote">
          <span className="nb-fact-name">{words.why}</span> {reason}
        </p>
      )}
      {isForMe
        ? renderActions(
            row,
            <div className="nb-card-actions">
              <DecideForm
                isReasonRequired={reasonRequired === true}
                isBusy={decide.status === 'running'}
                onDecide={(decision, why) =>
                  void decide.run({ approvalId, decision, ...(why === undefined ? {} : { reason: why }) })
                }
              />
            </div>,
          )
        : null}
      {error ? <Refusal error={error} by={decidedBy} name="approval-error" onClose={decide.reset} /> : null}
    </Card>
  );
}
