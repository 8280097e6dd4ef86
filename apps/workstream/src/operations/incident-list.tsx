import { Button, type Row, useCommand, useErrorWords, useFormats, useWords } from '@netbuild/realtime-react';
import { VirtualList } from './virtual-list.tsx';
import { WORDS } from './words.ts';

interface IncidentListProps {
  incidents: readonly Row<'incident'>[];
  /** What people call an instance, by its id. */
  nameOf: (processInstanceId: string) => string | undefined;
  /** What people call an element, by its id. */
  stepOf: (activityId: string) => string | undefined;
  onShow: (processInstanceId: string) => void;
}

/** What has failed in a definition's instances, the oldest first, each with another try. */
export function IncidentList({ incidents, nameOf, stepOf, onShow }: IncidentListProps) {
  const words = useWords(WORDS);
  if (incidents.length === 0) return <p className="op-quiet">{words.noIncidents}</p>;
  return (
    <VirtualList
      items={incidents}
      keyOf={({ subject }) => subject}
      estimate={88}
      label={words.incidentsTitle}
      name="incidents"
    >
      {(row) => <Incident row={row} nameOf={nameOf} stepOf={stepOf} onShow={onShow} />}
    </VirtualList>
  );
}

type IncidentProps = Omit<IncidentListProps, 'incidents'> & { row: Row<'incident'> };

function Incident({ row: { data }, nameOf, stepOf, onShow }: IncidentProps) {
  const { incidentId, message, activityId, processInstanceId, created, rootCauseIncidentId } = data;
  const words = useWords(WORDS);
  const errorWords = useErrorWords();
  const { moment } = useFormats();
  const retry = useCommand('incident:retry');
  const isPassedOn = rootCauseIncidentId !== undefined && rootCauseIncidentId !== incidentId;
  const step = activityId === undefined ? undefined : (stepOf(activityId) ?? activityId);
  return (
    <div className="op-row" data-testid="incident" data-incident-id={incidentId}>
      <div className="op-row-words">
        <p className="op-failed">{message ?? words.noMessage}</p>
        <p className="op-quiet">
          {[step, created && words.since(moment(created)), isPassedOn && words.passedOn]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {processInstanceId === undefined ? null : (
          <button type="button" className="op-link" onClick={() => onShow(processInstanceId)}>
            {nameOf(processInstanceId) ?? processInstanceId}
          </button>
        )}
        {retry.error ? (
          <p role="alert" className="op-failed" data-testid="retry-refusal" data-code={retry.error.code}>
            {errorWords(retry.error)}
          </p>
        ) : retry.status === 'done' ? (
          <p role="status" className="op-quiet">
            {words.retried}
          </p>
        ) : null}
      </div>
      <Button
        isBusy={retry.status === 'running'}
        onPress={() => void retry.run({ incidentId })}
        data-testid="retry"
      >
        {words.retry}
      </Button>
    </div>
  );
}
