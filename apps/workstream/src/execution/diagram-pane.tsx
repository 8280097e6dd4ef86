import '@netbuild/realtime-react/diagram.css';
import { ProcessDiagram, type Row } from '@netbuild/realtime-react';
import { memo, useRef, useState } from 'react';
import { useExecutionWords } from './words.ts';

/** The diagram of an execution's process; of several, of the one that is chosen. Loaded when it is needed. */
export default memo(function DiagramPane({ processes }: { processes: readonly Row<'process'>[] }) {
  const words = useExecutionWords();
  const [chosen, choose] = useState<string>();
  // What runs when somebody comes is what they look for. It stays: one that starts or ends meanwhile takes nothing out
  // of their sight.
  const begun = useRef<string>(undefined);
  begun.current ??= (processes.find(({ ended }) => !ended) ?? processes[0])?.data.processInstanceId;
  const wanted = chosen ?? begun.current;
  const shown = processes.find(({ data }) => data.processInstanceId === wanted) ?? processes[0];
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
              {data.processDefinitionName ?? data.processDefinitionKey ?? data.processInstanceId} (
              {words.states[data.state]})
            </option>
          ))}
        </select>
      ) : null}
      <ProcessDiagram key={processInstanceId} processInstanceId={processInstanceId} />
    </>
  );
});
