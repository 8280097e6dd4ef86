import type { Row } from '@netbuild/realtime-react';

/** Which instances are looked for. */
export interface InstanceFilter {
  text: string;
  onlyFailed: boolean;
  /** The element of the diagram that they are at. */
  step: string | undefined;
}

/** All of them. */
export const EVERYTHING: InstanceFilter = { text: '', onlyFailed: false, step: undefined };

/** What is known of instances beside their own rows, by their ids. */
export interface Whereabouts {
  /** The elements that each is at. */
  steps: ReadonlyMap<string, ReadonlySet<string>>;
  failed: ReadonlySet<string>;
}

/** Gathers it from the rows of what runs and what has failed. */
export function whereaboutsOf(
  activities: readonly Row<'activity'>[],
  tasks: readonly Row<'task'>[],
  incidents: readonly Row<'incident'>[],
): Whereabouts {
  const steps = new Map<string, Set<string>>();
  const failed = new Set<string>();
  const add = (instance: string | undefined, step: string | undefined) => {
    if (instance === undefined || step === undefined) return;
    const known = steps.get(instance) ?? new Set();
    steps.set(instance, known.add(step.replace(/#multiInstanceBody$/, '')));
  };
  for (const { data } of activities) add(data.processInstanceId, data.activityId);
  for (const { data } of tasks) add(data.processInstanceId, data.taskDefinitionKey);
  for (const { data } of incidents) {
    add(data.processInstanceId, data.activityId);
    if (data.processInstanceId !== undefined) failed.add(data.processInstanceId);
  }
  return { steps, failed };
}

/** The instances that a filter lets through. */
export function filtered(
  rows: readonly Row<'process'>[],
  { text, onlyFailed, step }: InstanceFilter,
  { steps, failed }: Whereabouts,
): readonly Row<'process'>[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === '' && !onlyFailed && step === undefined) return rows;
  return rows.filter(({ data }) => {
    const { processInstanceId: id, businessKey = '', startedBy = '', executionId = '' } = data;
    return (
      (!onlyFailed || failed.has(id)) &&
      (step === undefined || steps.get(id)?.has(step) === true) &&
      [id, businessKey, startedBy, executionId].some((one) => one.toLocaleLowerCase().includes(wanted))
    );
  });
}
