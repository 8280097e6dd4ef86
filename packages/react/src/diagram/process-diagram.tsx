import { useMemo } from 'react';
import { useProcess, useView } from '../use-view.ts';
import type { DiagramLinks } from './badges.tsx';
import { LiveDiagram } from './live-diagram.tsx';
import { standingOf } from './standing.ts';
import { useModel } from './use-model.ts';
import { newestOf, usePast } from './use-past.ts';

/** Which instance is shown. */
export interface ProcessDiagramProps extends Pick<DiagramLinks, 'hrefOf'> {
  processInstanceId: string;
}

/**
 * The diagram of a process instance, live: where its tokens are, what is done, what has failed and why, and who is at
 * which task. What happens moves the marks; the model is read once. Without a model (no engine, no diagram in it, or
 * not for this person) it says the same as a list. It is drawn by bpmn-js, which is loaded when it is needed and whose
 * mark stays visible, as its licence wants. Its looks: `diagram.css`.
 *
 * @example
 * import '@netbuild/realtime-react/diagram.css';
 * <ProcessDiagram processInstanceId={id} />
 */
export function ProcessDiagram({ processInstanceId, hrefOf }: ProcessDiagramProps) {
  const room = `process:${processInstanceId}` as const;
  const instance = useProcess(processInstanceId);
  const activities = useView('activities', { room });
  const incidents = useView('incidents', { room, open: true });
  const tasks = useView('tasks', { room, open: true });
  const past = usePast(processInstanceId, instance.status === 'live');
  const { processDefinitionId, processDefinitionName, processDefinitionKey } = instance.data?.data ?? {};
  const isReady = instance.isKnown || instance.status === 'refused';
  const model = useModel({ room, isReady, version: processDefinitionId });
  const standing = useMemo(() => {
    // The rows of what it has called stand in its room, too, and in other diagrams.
    const own = <R extends { data: { processInstanceId?: string | undefined } }>(rows: readonly R[]) =>
      rows.filter(({ data }) => data.processInstanceId === processInstanceId);
    return standingOf({
      activities: own(newestOf(past, activities.data)),
      incidents: own(incidents.data),
      tasks: own(tasks.data),
    });
  }, [processInstanceId, past, activities.data, incidents.data, tasks.data]);
  return (
    <LiveDiagram
      model={model}
      name={processDefinitionName ?? processDefinitionKey}
      standing={standing}
      hrefOf={hrefOf}
    />
  );
}
