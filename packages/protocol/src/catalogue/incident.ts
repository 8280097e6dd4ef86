import { z } from 'zod';
import { subject } from '../subject.ts';
import { processRooms } from './change.ts';
import { openCommand } from './command.ts';
import { typesOf } from './entry.ts';
import { definitionFields, id, line, linkFields, observedFields, processFields, time } from './fields.ts';
import { foldLinks, foldSpan } from './span.ts';

const incidentFields = {
  incidentId: id,
  incidentType: z.string().max(255).optional(),
  message: line.optional(),
  /** The element of the diagram that has failed. */
  activityId: id.optional(),
  /** The job that has no retries left. */
  jobId: id.optional(),
  /** The external task that has none. */
  externalTaskId: id.optional(),
  /** The incident that this one only passes on: of the instance that was called, or of one that that has called. */
  rootCauseIncidentId: id.optional(),
  created: time.optional(),
  ended: time.optional(),
  /** Who did what the event says, where the source knows. */
  by: id.optional(),
  ...processFields,
  ...observedFields,
};

const incidentData = z.object({ ...incidentFields, ...linkFields, state: z.enum(['open', 'resolved']) });

/** An incident as it now is. */
export type IncidentData = z.infer<typeof incidentData>;

const reported = z.object(incidentFields);

/** Incidents. */
export const incident = {
  kind: 'incident' as const,
  data: incidentData,
  rooms: (data: IncidentData) => processRooms(data),
  isOpen: (data: IncidentData) => data.state === 'open',
  people: { fields: ['by'] as const, type: 'process:error-updated' as const },
};

const type = typesOf(incident);
const nameOf = (data: { incidentId: string }) => subject('incident', data.incidentId);

/** The types of event that an incident has. */
export const incidentTypes = [
  type({
    type: 'process:error',
    doc: 'A process instance can not go on: an incident.',
    fact: reported,
    fold: (fact, rows) =>
      foldSpan(
        { subject: nameOf(fact.data), type: 'process:error', state: 'open', isEnd: false },
        fact,
        rows,
      ),
  }),
  type({
    type: 'process:error-updated',
    doc: 'The process instance of an open incident was linked to an execution, or to another one; or it was migrated.',
    publishable: false,
    fact: z.object({ incidentId: id, activityId: id.optional(), ...definitionFields }),
    fold: (fact, rows) => foldLinks(nameOf(fact.data), 'process:error-updated', rows, fact.data),
  }),
  type({
    type: 'process:error-resolved',
    doc: 'An incident is over.',
    fact: reported,
    fold: (fact, rows) =>
      foldSpan(
        { subject: nameOf(fact.data), type: 'process:error-resolved', state: 'resolved', isEnd: true },
        fact,
        rows,
      ).map((change) => {
        const command = openCommand(rows, change.subject, { type: change.type, data: {} });
        return command ? { ...change, commandId: command.commandId } : change;
      }),
  }),
];
