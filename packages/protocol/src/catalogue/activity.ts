import { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import { subject } from '../subject.ts';
import { defined, processRooms } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, linkFields, processFields, time } from './fields.ts';
import type { ProcessData } from './process.ts';

const activityFields = {
  activityInstanceId: id,
  /** The element of the diagram. */
  activityId: id,
  activityName: line.optional(),
  activityType: z.string().max(100).optional(),
  taskId: id.optional(),
  calledProcessInstanceId: id.optional(),
  started: time.optional(),
  ended: time.optional(),
  /** It was interrupted, not finished. */
  canceled: z.boolean().optional(),
  ...processFields,
};

const activityData = z.object({ ...activityFields, ...linkFields, state: z.enum(['running', 'ended']) });

/** One run of an element of the diagram. */
export type ActivityData = z.infer<typeof activityData>;

const reported = z.object(activityFields);

/** Activities: where the tokens of a diagram are. */
export const activity = {
  kind: 'activity' as const,
  data: activityData,
  rooms: processRooms,
  isOpen: (data: ActivityData) => data.state === 'running',
};

const type = typesOf(activity);

/** The types of event that an activity has. */
export const activityTypes = [
  type({
    type: 'activity:started',
    doc: 'A token has reached an element of the diagram.',
    fact: reported,
    fold: (fact, rows) => fold('running', fact, rows),
  }),
  type({
    type: 'activity:completed',
    doc: 'A token has left an element of the diagram.',
    fact: reported,
    fold: (fact, rows) => fold('ended', fact, rows),
  }),
];

function fold(
  state: ActivityData['state'],
  fact: Fact & { data: z.infer<typeof reported> },
  rows: Rows,
): Change[] {
  const name = subject('activity', fact.data.activityInstanceId);
  const before = rows<ActivityData>(name);
  if (before && (before.state === 'ended' || state === 'running')) return [];
  const instance =
    fact.data.processInstanceId === undefined
      ? undefined
      : rows<ProcessData>(subject('process', fact.data.processInstanceId));
  const after = defined({
    ...before,
    ...defined(fact.data),
    state,
    ended: state === 'ended' ? (fact.data.ended ?? fact.time) : undefined,
    executionId: instance?.executionId ?? before?.executionId,
    businessKey: instance?.businessKey ?? before?.businessKey,
  });
  return [
    { type: state === 'ended' ? 'activity:completed' : 'activity:started', subject: name, data: after },
  ];
}
