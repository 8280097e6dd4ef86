import type { Row } from '@netbuild/realtime-client';
import { memo } from 'react';
import { useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { Card, type RenderPart, usualPart } from '../parts/card.tsx';
import { Chip } from '../parts/chip.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { OfRow } from '../parts/of-row.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { useRefusal } from '../parts/use-refusal.ts';
import { useCommand } from '../use-command.ts';

const WORDS = {
  en: {
    at: (step: string) => `Stuck at ${step}`,
    unknown: 'an unknown step',
    open: 'Open',
    resolved: 'Resolved',
    since: 'Since',
    by: 'By',
    retry: 'Try again',
  },
  de: {
    at: (step: string) => `Steht bei ${step}`,
    unknown: 'einem unbekannten Schritt',
    open: 'Offen',
    resolved: 'Gelöst',
    since: 'Seit',
    by: 'Von',
    retry: 'Noch einmal versuchen',
  },
};

/** How an incident is shown, beside which one it is. */
export interface IncidentCardOptions {
  /** What its step is called; default: the element's id. */
  activityName?: string | undefined;
  /** In the place of the button that has the engine try again. */
  renderActions?: RenderPart<Row<'incident'>> | undefined;
}

/** A row, or the id of an incident that is followed; and how it is shown. */
export type IncidentCardProps = OfRow<Row<'incident'>> & IncidentCardOptions;

/**
 * An incident: where a process instance can not go on, why, and the button that has the engine try again.
 *
 * @example <IncidentCard row={row} activityName="Charge the card" />
 * @example <IncidentCard id={incidentId} />
 */
export const IncidentCard = memo(function IncidentCard({ row, id, ...options }: IncidentCardProps) {
  return (
    <OfRow list="incidents" {...(row ? { row } : { id: id! })}>
      {(shown) => <Incident row={shown} {...options} />}
    </OfRow>
  );
});

function Incident({
  row,
  activityName,
  renderActions = usualPart,
}: IncidentCardOptions & { row: Row<'incident'> }) {
  const words = useWords(WORDS);
  const { moment } = useFormats();
  const { incidentId, state, activityId, message, created, by, jobId, externalTaskId } = row.data;
  const retry = useCommand('incident:retry', incidentId);
  const error = useRefusal(row, retry.error, retry.reset);
  // One that only passes on another's has nothing of its own to be tried again.
  const mayRetry = state === 'open' && (jobId !== undefined || externalTaskId !== undefined);
  return (
    <Card
      row={row}
      name="incident-card"
      title={words.at(activityName ?? activityId ?? words.unknown)}
      state={state}
      side={<Chip tone={state === 'open' ? 'bad' : 'good'}>{words[state]}</Chip>}
      data={{ 'data-incident-id': incidentId }}
    >
      {message === undefined ? null : <p className={state === 'open' ? 'nb-bad' : ''}>{message}</p>}
      <Facts>
        <Fact name={words.since}>
          {created === undefined ? null : <time dateTime={created}>{moment(created)}</time>}
        </Fact>
        <Fact name={words.by}>{by}</Fact>
      </Facts>
      {mayRetry
        ? renderActions(
            row,
            <div className="nb-card-actions">
              <Button
                kind="primary"
                isBusy={retry.status === 'running'}
                data-testid="incident-retry"
                onPress={() => void retry.run({ incidentId })}
              >
                {words.retry}
              </Button>
            </div>,
          )
        : null}
      {error ? <Refusal error={error} name="incident-error" onClose={retry.reset} /> : null}
    </Card>
  );
}
