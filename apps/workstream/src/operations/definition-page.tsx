import type { DefinitionSummary } from '@netbuild/realtime-protocol';
import { DefinitionDiagram, ProcessDiagram, useFormats, useView, useWords } from '@netbuild/realtime-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { EVERYTHING, type InstanceFilter, whereaboutsOf } from './filter.ts';
import { IncidentList } from './incident-list.tsx';
import { InstanceList } from './instance-list.tsx';
import { Notice } from './notice.tsx';
import { RetryAll } from './retry-all.tsx';
import { WORDS } from './words.ts';

/** Rows of a kind that are followed: a page holds each, so of more it says that they are more. */
const MOST_ROWS = 10_000;

interface DefinitionPageProps {
  processDefinitionKey: string;
  /** What the engine says of it; left out: it is not among those that the person may see. */
  definition: DefinitionSummary | undefined;
}

/** One definition: where its instances stand, what has failed, and which they are. */
export function DefinitionPage({ processDefinitionKey, definition }: DefinitionPageProps) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const [isTooMany, setTooMany] = useState(false);
  const [shown, setShown] = useState<{ processInstanceId: string; name: string }>();
  const [filter, setFilter] = useState<InstanceFilter>(EVERYTHING);
  const stage = useRef<HTMLElement>(null);
  const show = (processInstanceId: string, name: string) => {
    setShown({ processInstanceId, name });
    // The diagram is above the lists, and may be out of view.
    stage.current?.focus({ preventScroll: true });
    stage.current?.scrollIntoView({ block: 'nearest' });
  };
  const chooseStep = (step: string) =>
    setFilter((before) => ({ ...before, step: before.step === step ? undefined : step }));
  return (
    <div className="op-detail" data-testid="operations-definition" data-key={processDefinitionKey}>
      <section ref={stage} className="op-panel" aria-labelledby="op-where" tabIndex={-1}>
        <div className="op-panel-head">
          <h2 id="op-where">{shown ? words.whereOne(shown.name) : words.whereAll}</h2>
          {shown ? (
            <button type="button" className="op-link" onClick={() => setShown(undefined)}>
              {words.showAll}
            </button>
          ) : null}
        </div>
        {shown ? (
          <ProcessDiagram key={shown.processInstanceId} processInstanceId={shown.processInstanceId} />
        ) : (
          <DefinitionDiagram
            processDefinitionKey={processDefinitionKey}
            engine={definition?.engine}
            selected={filter.step}
            onSelect={chooseStep}
          />
        )}
      </section>
      {isTooMany ? (
        <p className="op-quiet">{words.tooMany(number(MOST_ROWS))}</p>
      ) : (
        <Lists
          processDefinitionKey={processDefinitionKey}
          filter={filter}
          onFilter={setFilter}
          onShow={show}
          onTooMany={() => setTooMany(true)}
        />
      )}
    </div>
  );
}

interface ListsProps {
  processDefinitionKey: string;
  filter: InstanceFilter;
  onFilter: (filter: InstanceFilter) => void;
  onShow: (processInstanceId: string, name: string) => void;
  onTooMany: () => void;
}

/** What has failed, and what runs. */
function Lists({ processDefinitionKey, filter, onFilter, onShow, onTooMany }: ListsProps) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const room = `definition:${processDefinitionKey}` as const;
  const instances = useView('processes', { room, open: true });
  const incidents = useView('incidents', { room, open: true });
  // They only say where instances are; of a burst the last word is enough.
  const activities = useDeferredValue(useView('activities', { room, open: true }).data);
  const tasks = useDeferredValue(useView('tasks', { room, open: true }).data);
  const failed = incidents.data.length;
  const isOver = instances.data.length > MOST_ROWS || activities.length > MOST_ROWS;
  useEffect(() => {
    if (isOver) onTooMany();
  }, [isOver, onTooMany]);
  const whereabouts = useMemo(
    () => whereaboutsOf(activities, tasks, incidents.data),
    [activities, tasks, incidents.data],
  );
  const names = useMemo(
    () =>
      new Map([
        ...activities.map(({ data }) => [data.activityId, data.activityName] as const),
        ...tasks.map(({ data }) => [data.taskDefinitionKey ?? '', data.taskName] as const),
      ]),
    [activities, tasks],
  );
  const keys = useMemo(
    () => new Map(instances.data.map(({ data }) => [data.processInstanceId, data.businessKey])),
    [instances.data],
  );
  const show = (id: string) => onShow(id, keys.get(id) ?? id);
  if (instances.status === 'refused')
    return (
      <Notice name="operations-refused" title={words.forbidden}>
        <p>{words.forbiddenHint}</p>
      </Notice>
    );
  if (!instances.isKnown)
    return (
      <p className="op-quiet" role="status">
        {words.loading}
      </p>
    );
  return (
    <>
      <section className="op-panel" aria-labelledby="op-incidents" data-status={incidents.status}>
        <div className="op-panel-head">
          <h2 id="op-incidents">
            {words.incidentsTitle}
            {failed > 0 ? <span className="op-count">{number(failed)}</span> : null}
          </h2>
          <RetryAll incidents={incidents.data} />
        </div>
        <IncidentList
          incidents={incidents.data}
          nameOf={(id) => keys.get(id)}
          stepOf={(id) => names.get(id)}
          onShow={show}
        />
      </section>
      <section className="op-panel" aria-labelledby="op-instances">
        <h2 id="op-instances">{words.instancesTitle}</h2>
        <InstanceList
          instances={instances.data}
          whereabouts={whereabouts}
          stepOf={(id) => names.get(id)}
          filter={filter}
          onFilter={onFilter}
          onShow={show}
        />
      </section>
    </>
  );
}
