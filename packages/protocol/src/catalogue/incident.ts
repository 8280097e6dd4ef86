import { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import { subject } from '../subject.ts';
import { defined, processRooms } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, linkFields, processFields, time } from './fields.ts';
import type { ProcessData } from './process.ts';

const incidentFields = {
  incidentId: id,
  incidentType: z.string().max(255).optional(),
  message: line.optional(),
  activityId: id.optional(),
  created: time.optional(),
  ended: time.optional(),
  ...processFields,
};

const incidentData = z.object({ ...incidentFields, ...linkFields, state: z.enum(['open', 'resolved']) });

/** An incident as it now is. */
export type IncidentData = z.infer<typeof incidentData>;

const reported = z.object(incidentFields);

/** Incidents. */
export const incident = {
  kind: 'incident' as const,
  data: incidentData,
  rooms: processRooms,
  isOpen: (data: IncidentData) => data.state === 'open',
};

const type = typesOf(incident);

/** The types of event that an incident has. */
export const incidentTypes = [
  type({
    type: 'process:error',
    doc: 'A process instance can not go on: an incident.',
    fact: reported,
    fold: (fact, rows) => fold('open', fact, rows),
  }),
  type({
    type: 'process:error-resolved',
    doc: 'An incident is over.',
    fact: reported,
    fold: (fact, rows) => fold('resolved', fact, rows),
  }),
];

function fold(
  state: IncidentData['state'],
  fact: Fact & { data: z.infer<typeof reported> },
  rows: Rows,
): Change[] {
  const name = subject('incident', fact.data.incidentId);
  const before = rows<IncidentData>(name);
  if (before && (before.state === 'resolved' || state === 'open')) return [];
  const instance =
    fact.data.processInstanceId === undefined
      ? undefined
      : rows<ProcessData>(subject('process', fact.data.processInstanceId));
  const after = defined({
    ...before,
    ...defined(fact.data),
    state,
    executionId: instance?.executionId ?? before?.executionId,
    businessKey: instance?.businessKey ?? before?.businessKey,
  });
  return [
    { type: state === 'open' ? 'process:error' : 'process:error-resolved', subject: name, data: after },
  ];
}
