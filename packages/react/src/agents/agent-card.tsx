import type { Row } from '@netbuild/realtime-client';
import { memo } from 'react';
import { useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { Card, type RenderPart, usualPart } from '../parts/card.tsx';
import { Chip, type Tone } from '../parts/chip.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { OfRow } from '../parts/of-row.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { useRefusal } from '../parts/use-refusal.ts';
import { useCommand } from '../use-command.ts';
import { Answer } from './answer.tsx';
import { Lease } from './lease.tsx';

type AgentRow = Row<'agent'>;
type State = AgentRow['data']['state'];
type Reason = NonNullable<AgentRow['data']['reason']>;

const WORDS = {
  en: {
    stop: 'Stop',
    retry: 'Try again',
    since: 'Since',
    ended: 'Ended',
    stopBy: 'Stop asked for by',
    retryBy: 'Another try asked for by',
    states: {
      thinking: 'Thinking',
      stopping: 'Stopping',
      completed: 'Done',
      failed: 'Failed',
    } satisfies Record<State, string>,
    reasons: {
      failed: 'Failed',
      silent: 'Fell silent',
      stopped: 'Stopped',
      cancelled: 'No longer needed',
    } satisfies Record<Reason, string>,
  },
  de: {
    stop: 'Anhalten',
    retry: 'Noch einmal versuchen',
    since: 'Seit',
    ended: 'Beendet',
    stopBy: 'Anhalten gewünscht von',
    retryBy: 'Neuer Versuch gewünscht von',
    states: {
      thinking: 'Denkt nach',
      stopping: 'Hält an',
      completed: 'Fertig',
      failed: 'Fehlgeschlagen',
    } satisfies Record<State, string>,
    reasons: {
      failed: 'Fehlgeschlagen',
      silent: 'Verstummt',
      stopped: 'Angehalten',
      cancelled: 'Nicht mehr nötig',
    } satisfies Record<Reason, string>,
  },
};

const TONES: Record<State, Tone> = {
  thinking: 'active',
  stopping: 'attention',
  completed: 'good',
  failed: 'bad',
};

/** Milliseconds of a lease where its agent says nothing else. */
const DEFAULT_LEASE = 15_000;

/** How an agent's run is shown, beside which one it is. */
export interface AgentCardOptions {
  /** In the place of the buttons that stop it, or have it try again. */
  renderActions?: RenderPart<AgentRow> | undefined;
}

/** A row, or the id of a run that is followed; and how it is shown. */
export type AgentCardProps = OfRow<AgentRow> & AgentCardOptions;

/**
 * One run of an agent: what it does, until when it counts as at work, what it has said so far, how it has ended; with
 * buttons that stop it, and have what has failed tried again.
 *
 * @example <AgentCard row={row} />
 * @example <AgentCard id={agentId} />
 */
export const AgentCard = memo(function AgentCard({ row, id, ...options }: AgentCardProps) {
  return (
    <OfRow list="agents" {...(row ? { row } : { id: id! })}>
      {(shown) => <Agent row={shown} {...options} />}
    </OfRow>
  );
});

function Agent({ row, renderActions = usualPart }: AgentCardOptions & { row: AgentRow }) {
  const words = useWords(WORDS);
  const { moment } = useFormats();
  const {
    agentId,
    agent,
    state,
    reason,
    since,
    until,
    ttl = DEFAULT_LEASE,
    ended,
    failure,
    messageId,
  } = row.data;
  const { stopBy, retryBy } = row.data;
  const stop = useCommand('agent:stop', agentId);
  const retry = useCommand('agent:retry', agentId);
  const dismiss = () => {
    stop.reset();
    retry.reset();
  };
  const error = useRefusal(row, stop.error ?? retry.error, dismiss);
  const isAtWork = state === 'thinking' || state === 'stopping';
  const action =
    state === 'thinking' ? (
      <Button
        isBusy={stop.status === 'running'}
        data-testid="agent-stop"
        onPress={() => void stop.run({ agentId })}
      >
        {words.stop}
      </Button>
    ) : mayBeTriedAgain(row) ? (
      <Button
        kind="primary"
        isBusy={retry.status === 'running'}
        data-testid="agent-retry"
        onPress={() => void retry.run({ agentId })}
      >
        {words.retry}
      </Button>
    ) : undefined;
  return (
    <Card
      row={row}
      name="agent-card"
      title={agent}
      state={state}
      side={
        <Chip tone={reason === 'stopped' || reason === 'cancelled' ? 'plain' : TONES[state]}>
          {reason ? words.reasons[reason] : words.states[state]}
        </Chip>
      }
      data={{ 'data-agent-id': agentId }}
    >
      {isAtWork && row.data.words !== undefined ? <p>{row.data.words}</p> : null}
      {messageId === undefined ? null : <Answer messageId={messageId} />}
      {failure === undefined ? null : <p className="nb-bad">{failure}</p>}
      <Facts>
        {isAtWork && until !== undefined ? <Lease until={until} ttl={ttl} /> : null}
        <Fact name={ended === undefined ? words.since : words.ended}>
          <time dateTime={ended ?? since}>{moment(ended ?? since)}</time>
        </Fact>
        <Fact name={words.stopBy}>{stopBy}</Fact>
        <Fact name={words.retryBy}>{retryBy}</Fact>
      </Facts>
      {action ? renderActions(row, <div className="nb-card-actions">{action}</div>) : null}
      {error ? <Refusal error={error} name="agent-error" onClose={dismiss} /> : null}
    </Card>
  );
}

/** What has gone to the process as an error, or is gone, is not there to be tried again. */
function mayBeTriedAgain({ data: { state, reason, code, retryBy, followedBy } }: AgentRow): boolean {
  return state === 'failed' && reason !== 'cancelled' && !code && !retryBy && !followedBy;
}
