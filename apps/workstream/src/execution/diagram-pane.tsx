import '@netbuild/realtime-react/diagram.css';
import { ProcessDiagram, type Row } from '@netbuild/realtime-react';
import { memo, useState } from 'react';
import { useExecutionWords } from './words.ts';

/** The diagram of an execution's process; of several, of the one that is chosen. Loaded when it is needed. */
export default memo(function DiagramPane({ processes }: { processes: readonly Row<'process'>[] }) {
  const words = useExecutionWords();
  const [chosen, choose] = useState<string>();
  // What still runs is what one looks for.
  const shown =
    processes.find(({ data }) => data.processInstanceId === chosen) ??
    processes.find(({ ended }) => !ended) ??
    processes[0];
  if (!shown) return <p className="empty">{words.noProcess}</p>;
  const { processInstanceId } = shown.data;
  return (
    <>
      {processes.length > 1 ? (
        <select
          className="input input--small"
          aria-label={words.process}
          value={processInstanceId}
          onChange={({ target }) => choose(target.value)}
        >
          {processes.map(({ data }) => (
            <option key={data.processInstanceId} value={data.processInstanceId}>
              {data.processDefinitionName ?? data.processDefinitionKey ?? data.processInstanceId}
            </option>
          ))}
        </select>
      ) : null}
      <ProcessDiagram key={processInstanceId} processInstanceId={processInstanceId} />
    </>
  );
});
