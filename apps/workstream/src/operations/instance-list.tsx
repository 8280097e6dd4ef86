import { type Row, useFormats, useWords } from '@netbuild/realtime-react';
import { useDeferredValue, useMemo } from 'react';
import { executionHref } from '../routing/route.ts';
import { filtered, type InstanceFilter, type Whereabouts } from './filter.ts';
import { VirtualList } from './virtual-list.tsx';
import { WORDS } from './words.ts';

interface InstanceListProps {
  instances: readonly Row<'process'>[];
  whereabouts: Whereabouts;
  /** What people call an element, by its id. */
  stepOf: (activityId: string) => string | undefined;
  filter: InstanceFilter;
  onFilter: (filter: InstanceFilter) => void;
  onShow: (processInstanceId: string) => void;
}

/** The instances of a definition that run, the oldest first: what has come last moves none of the others. */
export function InstanceList({
  instances,
  whereabouts,
  stepOf,
  filter,
  onFilter,
  onShow,
}: InstanceListProps) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const wanted = useDeferredValue(filter);
  const shown = useMemo(() => filtered(instances, wanted, whereabouts), [instances, wanted, whereabouts]);
  const { text, onlyFailed, step } = filter;
  return (
    <>
      <div className="op-filter">
        <input
          className="nb-input"
          type="search"
          value={text}
          placeholder={words.filter}
          aria-label={words.filter}
          onChange={({ target }) => onFilter({ ...filter, text: target.value })}
          data-testid="instance-filter"
        />
        <label className="op-check">
          <input
            type="checkbox"
            checked={onlyFailed}
            onChange={({ target }) => onFilter({ ...filter, onlyFailed: target.checked })}
          />
          {words.onlyFailed}
        </label>
        {step === undefined ? null : (
          <button
            type="button"
            className="op-chip"
            onClick={() => onFilter({ ...filter, step: undefined })}
            title={words.everywhere}
          >
            {words.atStep(stepOf(step) ?? step)} <span aria-hidden="true">×</span>
            <span className="nb-hidden">: {words.everywhere}</span>
          </button>
        )}
        <span className="op-quiet" role="status">
          {words.of(number(shown.length), number(instances.length))}
        </span>
      </div>
      {shown.length === 0 ? (
        <p className="op-quiet">{instances.length === 0 ? words.noInstances : words.noMatch}</p>
      ) : (
        <VirtualList
          items={shown}
          keyOf={({ subject }) => subject}
          estimate={65}
          label={words.instancesTitle}
          name="instances"
        >
          {(row) => (
            <Instance
              row={row}
              steps={whereabouts.steps.get(row.data.processInstanceId)}
              hasFailed={whereabouts.failed.has(row.data.processInstanceId)}
              stepOf={stepOf}
              onShow={onShow}
            />
          )}
        </VirtualList>
      )}
    </>
  );
}

interface InstanceProps extends Pick<InstanceListProps, 'stepOf' | 'onShow'> {
  row: Row<'process'>;
  steps: ReadonlySet<string> | undefined;
  hasFailed: boolean;
}

function Instance({ row: { data }, steps, hasFailed, stepOf, onShow }: InstanceProps) {
  const { processInstanceId, businessKey, executionId, startedBy, started, state } = data;
  const words = useWords(WORDS);
  const { moment } = useFormats();
  const name = businessKey ?? words.unnamed;
  const where = [...(steps ?? [])].map((step) => stepOf(step) ?? step).join(', ');
  return (
    <div className="op-row" data-testid="instance" data-process-instance-id={processInstanceId}>
      <div className="op-row-words">
        <p className="op-row-title">
          {executionId === undefined ? (
            <span className="op-name">{name}</span>
          ) : (
            <a className="op-name" href={executionHref(executionId)}>
              {name}
            </a>
          )}
          {state === 'suspended' ? <span className="nb-chip">{words.suspended}</span> : null}
          {hasFailed ? <span className="op-failed">{words.incidents(1, '1')}</span> : null}
        </p>
        <p className="op-quiet">
          {[where, started && words.since(moment(started)), startedBy && words.startedBy(startedBy)]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <button
        type="button"
        className="op-link"
        aria-label={words.diagramOf(businessKey ?? processInstanceId)}
        onClick={() => onShow(processInstanceId)}
      >
        {words.diagram}
      </button>
    </div>
  );
}
