import { z } from 'zod';
import { subject } from '../subject.ts';
import { processRooms } from './change.ts';
import { typesOf } from './entry.ts';
import { definitionFields, id, line, linkFields, observedFields, processFields, time } from './fields.ts';
import { foldLinks, foldSpan } from './span.ts';

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
  ...observedFields,
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
  people: { fields: [], type: 'activity:updated' as const },
};

const type = typesOf(activity);
const nameOf = (data: { activityInstanceId: string }) => subject('activity', data.activityInstanceId);

/** The types of event that an activity has. */
export const activityTypes = [
  type({
    type: 'activity:started',
    doc: 'A token has reached an element of the diagram.',
    fact: reported,
    fold: (fact, rows) =>
      foldSpan(
        { subject: nameOf(fact.data), type: 'activity:started', state: 'running', isEnd: false },
        fact,
        rows,
      ),
  }),
  type({
    type: 'activity:updated',
    doc: 'The process instance of a running activity was linked to an execution, or to another one; or it was migrated.',
    publishable: false,
    fact: z.object({
      activityInstanceId: id,
      activityId: id.optional(),
      activityName: line.optional(),
      ...definitionFields,
    }),
    fold: (fact, rows) => foldLinks(nameOf(fact.data), 'activity:updated', rows, fact.data),
  }),
  type({
    type: 'activity:completed',
    doc: 'A token has left an element of the diagram.',
    fact: reported,
    fold: (fact, rows) =>
      foldSpan(
        { subject: nameOf(fact.data), type: 'activity:completed', state: 'ended', isEnd: true },
        fact,
        rows,
      ),
  }),
];
