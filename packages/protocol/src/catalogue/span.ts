import type { Change, Fact, Rows } from '../fact.ts';
import { type Subject, subject } from '../subject.ts';
import { defined } from './change.ts';
import type { ProcessData } from './process.ts';

/** What a source reports of something that begins once and ends once within a process instance. */
interface Reported {
  processInstanceId?: string | undefined;
  ended?: string | undefined;
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
    state: to.state,
    ended: to.isEnd ? (data.ended ?? fact.time) : undefined,
    ...linksOf(rows, data.processInstanceId),
  });
  return [{ type: to.type, subject: to.subject, data: after }];
}

/** What a row takes over from its process instance, as far as that is known. */
export function linksOf(rows: Rows, processInstanceId: string | undefined) {
  const instance =
    processInstanceId === undefined ? undefined : rows<ProcessData>(subject('process', processInstanceId));
  return defined({
    executionId: instance?.executionId,
    businessKey: instance?.businessKey,
    rootProcessInstanceId: instance?.rootProcessInstanceId,
  });
}
