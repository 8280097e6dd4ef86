import type { z } from 'zod';
import type { SubjectKind } from '../subject.ts';
import { activity, activityTypes } from './activity.ts';
import { agent, agentTypes, speechTypes } from './agent.ts';
import { approval, approvalTypes } from './approval.ts';
import { command, commandTypes } from './command.ts';
import { deadLetter, deadLetterTypes } from './dead-letter.ts';
import type { SubjectEntry, TypeEntry } from './entry.ts';
import { erasure, erasureTypes } from './erasure.ts';
import { execution, executionTypes } from './execution.ts';
import { form, formTypes } from './form.ts';
import { incident, incidentTypes } from './incident.ts';
import { lease, leaseTypes } from './lease.ts';
import { message, messageTypes } from './message.ts';
import { microservice, microserviceTypes } from './microservice.ts';
import { optimization, optimizationTypes } from './optimization.ts';
import { pattern, patternTypes } from './pattern.ts';
import { payment, paymentTypes } from './payment.ts';
import { processInstance, processTypes } from './process.ts';
import { read, readTypes } from './read.ts';
import { relay, relayTypes } from './relay.ts';
import { revocation, revocationTypes } from './revocation.ts';
import { source, sourceTypes } from './source.ts';
import { subscription, subscriptionTypes } from './subscription.ts';
import { task, taskTypes } from './task.ts';

/** Every kind of subject. */
export const SUBJECTS = {
  task,
  process: processInstance,
  activity,
  incident,
  execution,
  message,
  read,
  payment,
  microservice,
  optimization,
  pattern,
  agent,
  form,
  approval,
  command,
  source,
  relay,
  lease,
  erasure,
  'dead-letter': deadLetter,
  revocation,
  subscription,
} as unknown as Readonly<Record<SubjectKind, SubjectEntry<object>>>;

const types = [
  ...taskTypes,
  ...processTypes,
  ...activityTypes,
  ...incidentTypes,
  ...executionTypes,
  ...messageTypes,
  ...readTypes,
  ...paymentTypes,
  ...microserviceTypes,
  ...optimizationTypes,
  ...patternTypes,
  ...agentTypes,
  ...speechTypes,
  ...formTypes,
  ...approvalTypes,
  ...commandTypes,
  ...sourceTypes,
  ...relayTypes,
  ...leaseTypes,
  ...erasureTypes(SUBJECTS),
  ...deadLetterTypes,
  ...revocationTypes,
  ...subscriptionTypes,
] as const;

type AnyEntry = (typeof types)[number];

/** The name of a type of event. */
export type EventType = AnyEntry['type'];

/** The row that an event of this type carries. */
export type EventData<T extends EventType> = z.infer<Extract<AnyEntry, { type: T }>['subject']['data']>;

type PublishableEntry = Extract<AnyEntry, { publishable: true }>;

/** The name of a type of event that outside publishers may report. */
export type PublishableType = PublishableEntry['type'];

/** What a publisher reports of it: the fact, of which the row is made. */
export type FactData<T extends PublishableType> = z.infer<Extract<PublishableEntry, { type: T }>['fact']>;

/** An entry of the catalogue, whichever. */
export type CatalogueEntry = TypeEntry<EventType, object, object>;

/** Every type of event, by its name. */
export const CATALOGUE: ReadonlyMap<string, CatalogueEntry> = new Map(
  types.map((entry) => [entry.type, entry as unknown as CatalogueEntry]),
);

/** Whether a name is of the open namespace that users may fill. */
export function isCustomType(name: string): name is `x:${string}` {
  return /^x:[A-Za-z0-9][A-Za-z0-9._:-]{0,100}$/.test(name);
}

export type { ActivityData } from './activity.ts';
export {
  AGENT_FAILURES,
  type AgentData,
  assertAtWork,
  DEFAULT_AGENT_TTL,
  MAX_RESULT_LENGTH,
} from './agent.ts';
export {
  type ApprovalData,
  closed as closedApproval,
  DECISIONS,
  type Decision,
  decisionOfVariables,
  variablesOfApproval,
} from './approval.ts';
export { type CommandData, commandSubject, slotOf as commandSlot } from './command.ts';
export {
  DEAD_LETTER_BOOK,
  DEAD_LETTER_REASONS,
  type DeadLetterData,
  type DeadLetterReason,
  deadLetterSubject,
  MAX_DEAD_LETTERS,
} from './dead-letter.ts';
export type { SubjectEntry, TypeEntry } from './entry.ts';
export {
  EPHEMERAL,
  type Ephemeral,
  type EphemeralData,
  type EphemeralType,
  MAX_NAMED,
} from './ephemeral.ts';
export { type ErasureData, MAX_ERASED } from './erasure.ts';
export { type ExecutionData, MAX_PARTICIPANTS } from './execution.ts';
export { FORM_KINDS, type FormKind, type FormName, type FormSubmissionData, formName } from './form.ts';
export type { IncidentData } from './incident.ts';
export type { LeaseData } from './lease.ts';
export { MAX_MENTIONS, MAX_MESSAGE_BYTES, type MessageData, messageContent } from './message.ts';
export type { MicroserviceData } from './microservice.ts';
export type { OptimizationData } from './optimization.ts';
export type { PatternData } from './pattern.ts';
export { PAYMENT_STATUSES, type PaymentData, type PaymentStatus } from './payment.ts';
export { isAwaited } from './person.ts';
export type { ProcessData } from './process.ts';
export type { ReadData } from './read.ts';
export type { RelayData } from './relay.ts';
export { type RevocationData, type Revoked, revocationSubject } from './revocation.ts';
export { SOURCES, type SourceData } from './source.ts';
export type { Speech } from './speech.ts';
export { type SubscriptionData, subscriptionSubject } from './subscription.ts';
export type { TaskData } from './task.ts';
export { MAX_VARIABLES, MAX_VARIABLES_LENGTH } from './variables.ts';
