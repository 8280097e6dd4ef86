import type {
  ActivityData,
  AgentData,
  ApprovalData,
  ExecutionData,
  FormSubmissionData,
  IncidentData,
  MessageData,
  MicroserviceData,
  OptimizationData,
  PatternData,
  PaymentData,
  ProcessData,
  RealtimeEvent,
  TaskData,
} from '@netbuild/realtime-protocol';
import type { Formats } from '../locale/formats.ts';
import { PAYMENT_TONES } from '../payments/tones.ts';
import type { Detail } from './detail.ts';
import type { EventWords } from './event-words.ts';

/** What a line is about, for its colour. */
export type Tone = 'plain' | 'good' | 'attention' | 'bad';

/** A workflow's event in words. */
export interface Description {
  text: string;
  /** Said more quietly, beside the text. */
  aside?: string | undefined;
  tone: Tone;
  /** The least level of detail that shows it. */
  level: Exclude<Detail, 'chat'>;
}

type Say = (event: RealtimeEvent, words: EventWords, formats: Formats) => Description;

const line = (text: string, tone: Tone = 'plain', aside?: string): Description => ({
  text,
  tone,
  aside,
  level: 'workflow',
});
const step = (text: string): Description => ({ text, tone: 'plain', level: 'steps' });
const by = (who: string | undefined, words: EventWords) => (who === undefined ? undefined : words.by(who));
const task = (event: RealtimeEvent) => event.data as TaskData;
const taskName = (event: RealtimeEvent) =>
  task(event).taskName ?? task(event).taskDefinitionKey ?? task(event).taskId;
const processName = (event: RealtimeEvent, words: EventWords) => {
  const data = event.data as ProcessData;
  return data.processDefinitionName ?? data.processDefinitionKey ?? words.aProcess;
};
const activityName = (event: RealtimeEvent) =>
  (event.data as ActivityData).activityName ?? (event.data as ActivityData).activityId;
const incident = (event: RealtimeEvent) => event.data as IncidentData;
const place = (event: RealtimeEvent, words: EventWords) => incident(event).activityId ?? words.unknownStep;
const agent = (event: RealtimeEvent) => event.data as AgentData;
const execution = (event: RealtimeEvent) => event.data as ExecutionData;
const microservice = (event: RealtimeEvent) => event.data as MicroserviceData;
const microserviceName = (event: RealtimeEvent) =>
  [microservice(event).name, microservice(event).version].filter(Boolean).join(' ');
const optimization = (event: RealtimeEvent) => event.data as OptimizationData;
const percent = (part: number) => `${Math.round(part)} %`;

/** How a run of an agent has ended that has not come to its result. */
const AGENT_END: Record<NonNullable<AgentData['reason']>, Tone> = {
  failed: 'bad',
  silent: 'bad',
  stopped: 'attention',
  cancelled: 'plain',
};

/** How an approval has ended. */
const OUTCOME: Record<Exclude<ApprovalData['state'], 'requested'>, Tone> = {
  approved: 'good',
  rejected: 'bad',
  decided: 'good',
  cancelled: 'plain',
};

/** Whom an approval asks: the one who has it, or those who may take it. */
function askedOf({ assignee, candidateUsers, candidateGroups }: ApprovalData, words: EventWords): string {
  return assignee ?? ([...candidateUsers, ...candidateGroups].join(', ') || words.nobody);
}

const approval = (event: RealtimeEvent) => event.data as ApprovalData;
const what = (event: RealtimeEvent) => approval(event).title ?? approval(event).approvalId;
/** With the moment until when it is asked for, where there is one. */
const until = (text: string, { due }: ApprovalData, words: EventWords, formats: Formats) =>
  due === undefined ? text : `${text} ${words.due(formats.moment(due))}`;

/** The beginning and the end of an approval's task are told by the approval's own events, which come with them. */
function ofTask(event: RealtimeEvent, said: Description): Description {
  return task(event).approval === undefined ? said : { ...said, level: 'steps' };
}

const SAY: Record<string, Say> = {
  // Told by the status that comes with them.
  'payment:initiated': (_, words) => step(words.payment.initiated),
  'payment:confirmed': (_, words) => step(words.paymentConfirmed),
  'payment:status': ({ data }, words, formats) => {
    const { status, amount, currency, failure, reference } = data as PaymentData;
    const text = `${words.payment[status]}: ${formats.money(amount, currency)}`;
    return line(text, PAYMENT_TONES[status], failure ?? reference);
  },
  // The beginning and the end are news for everybody; how far it is between is a step.
  'microservice:generating': (event, words) => {
    const { progress = 0, step: doing } = microservice(event);
    const text = words.generating(microserviceName(event), percent(progress));
    return { ...line(text, 'plain', doing), level: progress > 0 && progress < 100 ? 'steps' : 'workflow' };
  },
  'microservice:deployed': (event, words) =>
    line(words.deployed(microserviceName(event)), 'good', microservice(event).url),
  'microservice:failed': (event, words) =>
    line(words.notDeployed(microserviceName(event)), 'bad', microservice(event).failure),
  'optimization:suggested': (event, words) =>
    line(words.suggestion(optimization(event).title), 'attention', optimization(event).effect),
  'optimization:accepted': (event, words) =>
    line(
      words.suggestionAccepted(optimization(event).title),
      'good',
      by(optimization(event).decidedBy, words),
    ),
  'optimization:dismissed': (event, words) => {
    const { title, decidedBy, reason } = optimization(event);
    const why = [by(decidedBy, words), reason].filter((one) => one !== undefined);
    return line(words.suggestionDismissed(title), 'plain', why.join(': '));
  },
  'pattern:learned': ({ data }, words) => {
    const { name, learned, confidence } = data as PatternData;
    const sure = confidence === undefined ? '' : ` ${words.sure(percent(confidence * 100))}`;
    return line(words.learned(name), 'plain', `${learned}${sure}`);
  },
  'agent:thinking': (event, words) => line(words.thinking(agent(event).agent), 'plain', agent(event).words),
  'agent:updated': (event, words) => step(words.agentHere(agent(event).agent)),
  'agent:stopping': (event, words) =>
    line(words.agentStopping(agent(event).agent), 'attention', by(agent(event).stopBy, words)),
  'agent:retrying': (event, words) =>
    line(words.agentRetrying(agent(event).agent), 'attention', by(agent(event).retryBy, words)),
  'agent:completed': (event, words) => line(words.agentDone(agent(event).agent), 'good'),
  'agent:failed': ({ data }, words) => {
    const { agent: name, reason = 'failed', failure } = data as AgentData;
    return line(words.agentEnded(name, reason), AGENT_END[reason], failure);
  },
  'approval:requested': (event, words, formats) => {
    const text = words.approvalAsked(what(event), askedOf(approval(event), words));
    return line(until(text, approval(event), words, formats), 'attention');
  },
  'approval:updated': (event, words, formats) =>
    step(until(words.approvalChanged(what(event)), approval(event), words, formats)),
  'approval:completed': (event, words) => {
    const { decidedBy, reason } = approval(event);
    const state = approval(event).state as keyof typeof OUTCOME;
    return line(words.approvalEnded(what(event), state, decidedBy), OUTCOME[state], reason);
  },
  'form:submitted': ({ data }, words) => {
    const { submittedBy, formKey, taskName, taskId } = data as FormSubmissionData;
    const name = taskName ?? taskId;
    const text =
      name === undefined ? words.submitted(submittedBy, formKey) : words.submittedFor(submittedBy, name);
    return line(text, 'good');
  },
  'form:updated': ({ data }, words) => step(words.submission((data as FormSubmissionData).formKey)),
  'message:deleted': ({ data }, words) => {
    const { by: who, userId } = data as MessageData;
    return line(words.messageDeleted(who ?? userId));
  },
  'task:created': (event, words) => ofTask(event, line(words.taskCreated(taskName(event)), 'attention')),
  'task:assigned': (event, words) =>
    line(words.taskAssigned(task(event).assignee ?? words.nobody), 'plain', taskName(event)),
  'task:unassigned': (event, words) => line(words.taskUnassigned(taskName(event)), 'attention'),
  'task:completed': (event, words) =>
    ofTask(
      event,
      line(words.taskCompleted(taskName(event)), 'good', by(task(event).by ?? task(event).assignee, words)),
    ),
  'task:cancelled': (event, words) => ofTask(event, line(words.taskCancelled(taskName(event)))),
  'task:updated': (event, words) => step(words.taskUpdated(taskName(event))),
  'process:started': (event, words) =>
    line(
      words.processStarted(processName(event, words)),
      'plain',
      by((event.data as ProcessData).startedBy, words),
    ),
  'process:linked': (event, words) => line(words.processLinked(processName(event, words))),
  'process:updated': (event, words) => step(words.processUpdated(processName(event, words))),
  'process:completed': (event, words) => line(words.processCompleted(processName(event, words)), 'good'),
  'process:cancelled': (event, words) =>
    line(words.processCancelled(processName(event, words)), 'bad', (event.data as ProcessData).deleteReason),
  'process:suspended': (event, words) => line(words.processSuspended(processName(event, words)), 'attention'),
  'process:resumed': (event, words) => line(words.processResumed(processName(event, words))),
  'process:error': (event, words) =>
    line(words.incident(place(event, words)), 'bad', incident(event).message),
  // Where it comes to be shown it is news.
  'process:error-updated': (event, words) =>
    line(words.incident(place(event, words)), 'bad', incident(event).message),
  'process:error-resolved': (event, words) => line(words.incidentResolved(place(event, words)), 'good'),
  'execution:created': (event, words) =>
    line(words.opened(execution(event).title), 'plain', by(execution(event).createdBy, words)),
  'execution:updated': (event, words) =>
    line(words.changed(execution(event).title), 'plain', execution(event).participants.join(', ')),
  // What a diagram catches at the edge of a step is news for everybody: an error, a timeout.
  'activity:started': (event, words) =>
    (event.data as ActivityData).activityType?.startsWith('boundary')
      ? line(activityName(event), 'attention')
      : step(words.stepReached(activityName(event))),
  'activity:updated': (event, words) => step(words.stepUnderWay(activityName(event))),
  'activity:completed': (event, words) =>
    step(
      (event.data as ActivityData).canceled
        ? words.stepInterrupted(activityName(event))
        : words.stepPassed(activityName(event)),
    ),
};

/** Puts a workflow's event in words. A type that has none here, as custom ones, is named. */
export function describe(event: RealtimeEvent, words: EventWords, formats: Formats): Description {
  return SAY[event.type]?.(event, words, formats) ?? line(event.type.replace(/^x:/, ''));
}
