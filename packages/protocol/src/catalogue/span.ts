import type { Change, Fact, Rows } from '../fact.ts';
import { type Subject, subject } from '../subject.ts';
import { defined, unlessSame } from './change.ts';
import type { ProcessData } from './process.ts';

/** What a source reports of something that begins once and ends once within a process instance. */
interface Reported {
  processInstanceId?: string | undefined;
  ended?: string | undefined;
  by?: string | undefined;
  observed?: true | undefined;
}

/**
 * What goes on, as its process instance is linked now.
 *
 * @param said what else has changed: the definition, where the instance was migrated
 */
export function foldLinks(name: Subject, type: Change['type'], rows: Rows, said: object = {}): Change[] {
  const before = rows<Reported>(name);
  if (!before || before.ended !== undefined) return [];
  // Nobody has done anything to it but the link.
  const { by: _by, observed: _observed, ...kept } = before;
  const after = defined({ ...kept, ...defined(said), ...linksOf(rows, before.processInstanceId) });
  return unlessSame(kept, { type, subject: name, data: after });
}

/** The beginning, or the end, of an activity or an incident. Whichever comes late changes nothing that is past it. */
export function foldSpan(
  to: { subject: Subject; type: Change['type']; state: string; isEnd: boolean },
  fact: Fact & { data: Reported },
  rows: Rows,
): Change[] {
  const { data } = fact;
  const before = rows<Reported>(to.subject);
  if (before && (!to.isEnd || before.ended !== undefined)) return [];
  const after = defined({
    ...before,
    ...defined(data),
    by: data.by,
    state: to.state,
    observed: data.observed,
    ended: to.isEnd ? (data.ended ?? fact.time) : undefined,
    ...linksOf(rows, data.processInstanceId),
  });
  return [{ type: to.type, subject: to.subject, data: after }];
}

/**
 * What a row takes over from its process instance, as far as that is known. The execution is the root's, also while
 * a called instance has yet to follow it. A link that is gone is `undefined` there, and has to go from the row as well.
 */
export function linksOf(rows: Rows, processInstanceId: string | undefined) {
  const instance =
    processInstanceId === undefined ? undefined : rows<ProcessData>(subject('process', processInstanceId));
  if (!instance) return {};
  const { businessKey, rootProcessInstanceId } = instance;
  return {
    executionId: (rootOf(rows, instance) ?? instance).executionId,
    businessKey,
    ...defined({ rootProcessInstanceId }),
  };
}

/** The instance that called an instance, through however many; none where it was called by nobody. */
export function rootOf(
  rows: Rows,
  { processInstanceId, rootProcessInstanceId = processInstanceId }: Instance,
): ProcessData | undefined {
  return rootProcessInstanceId === processInstanceId
    ? undefined
    : rows<ProcessData>(subject('process', rootProcessInstanceId));
}

type Instance = Pick<ProcessData, 'processInstanceId' | 'rootProcessInstanceId'>;
