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
import type { Detail } from './detail.ts';

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

type Say = (event: RealtimeEvent) => Description;

const line = (text: string, tone: Tone = 'plain', aside?: string): Description => ({
  text,
  tone,
  aside,
  level: 'workflow',
});
const step = (text: string): Description => ({ text, tone: 'plain', level: 'steps' });
const by = (who: string | undefined) => (who === undefined ? undefined : `by ${who}`);
const task = (event: RealtimeEvent) => event.data as TaskData;
const taskName = (event: RealtimeEvent) =>
  task(event).taskName ?? task(event).taskDefinitionKey ?? task(event).taskId;
const processName = (event: RealtimeEvent) => {
  const data = event.data as ProcessData;
  return data.processDefinitionName ?? data.processDefinitionKey ?? 'process';
};
const activityName = (event: RealtimeEvent) =>
  (event.data as ActivityData).activityName ?? (event.data as ActivityData).activityId;
const incident = (event: RealtimeEvent) => event.data as IncidentData;
const agent = (event: RealtimeEvent) => event.data as AgentData;
const execution = (event: RealtimeEvent) => event.data as ExecutionData;
const microservice = (event: RealtimeEvent) => event.data as MicroserviceData;
const microserviceName = (event: RealtimeEvent) =>
  [microservice(event).name, microservice(event).version].filter(Boolean).join(' ');
const optimization = (event: RealtimeEvent) => event.data as OptimizationData;
const percent = (part: number) => `${Math.round(part)} %`;

/** What has become of money, by what it means to whoever waits for it. */
const PAYMENT: Record<PaymentData['status'], [words: string, tone: Tone]> = {
  initiated: ['Payment begun', 'plain'],
  pending: ['Payment pending', 'plain'],
  action_required: ['Payment waits for its payer', 'attention'],
  failed: ['Payment failed', 'bad'],
  cancelled: ['Payment cancelled', 'bad'],
  succeeded: ['Payment received', 'good'],
  partially_refunded: ['Payment refunded in part', 'attention'],
  refunded: ['Payment refunded', 'attention'],
  disputed: ['Payment disputed', 'bad'],
};

function money({ amount, currency }: PaymentData): string {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** How a run of an agent has ended that has not come to its result. */
const AGENT_END: Record<NonNullable<AgentData['reason']>, [words: string, tone: Tone]> = {
  failed: ['has failed', 'bad'],
  silent: ['has fallen silent', 'bad'],
  stopped: ['was stopped', 'attention'],
  cancelled: ['is no longer needed', 'plain'],
};

/** Whom an approval asks: the one who has it, or those who may take it. */
function askedOf({ assignee, candidateUsers, candidateGroups }: ApprovalData): string {
  return assignee ?? ([...candidateUsers, ...candidateGroups].join(', ') || 'nobody');
}

const DUE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const approval = (event: RealtimeEvent) => event.data as ApprovalData;
const what = (event: RealtimeEvent) => approval(event).title ?? approval(event).approvalId;
const dueOf = ({ due }: ApprovalData) => (due === undefined ? '' : ` (due ${DUE.format(new Date(due))})`);

/** The beginning and the end of an approval's task are told by the approval's own events, which come with them. */
function ofTask(event: RealtimeEvent, said: Description): Description {
  return task(event).approval === undefined ? said : { ...said, level: 'steps' };
}

/** How an approval has ended. */
const OUTCOME: Record<Exclude<ApprovalData['state'], 'requested'>, [words: string, tone: Tone]> = {
  approved: ['approved', 'good'],
  rejected: ['rejected', 'bad'],
  decided: ['decided', 'good'],
  cancelled: ['cancelled', 'plain'],
};

const WORDS: Record<string, Say> = {
  // Told by the status that comes with them.
  'payment:initiated': () => step('Payment begun'),
  'payment:confirmed': () => step('Payment confirmed'),
  'payment:status': ({ data }) => {
    const payment = data as PaymentData;
    const [words, tone] = PAYMENT[payment.status];
    return line(`${words}: ${money(payment)}`, tone, payment.failure ?? payment.reference);
  },
  // The beginning and the end are news for everybody; how far it is between is a step.
  'microservice:generating': (event) => {
    const { progress = 0, step: words } = microservice(event);
    const text = `Generating ${microserviceName(event)}: ${percent(progress)}`;
    return { ...line(text, 'plain', words), level: progress > 0 && progress < 100 ? 'steps' : 'workflow' };
  },
  'microservice:deployed': (event) =>
    line(`Deployed: ${microserviceName(event)}`, 'good', microservice(event).url),
  'microservice:failed': (event) =>
    line(`Not deployed: ${microserviceName(event)}`, 'bad', microservice(event).failure),
  'optimization:suggested': (event) =>
    line(`Suggestion: ${optimization(event).title}`, 'attention', optimization(event).effect),
  'optimization:accepted': (event) =>
    line(`Suggestion accepted: ${optimization(event).title}`, 'good', by(optimization(event).decidedBy)),
  'optimization:dismissed': (event) => {
    const { title, decidedBy, reason } = optimization(event);
    const why = [by(decidedBy), reason].filter((words) => words !== undefined);
    return line(`Suggestion dismissed: ${title}`, 'plain', why.join(': '));
  },
  'pattern:learned': ({ data }) => {
    const { name, learned, confidence } = data as PatternData;
    return line(
      `Learned: ${name}`,
      'plain',
      confidence === undefined ? learned : `${learned} (${percent(confidence * 100)} sure)`,
    );
  },
  'agent:thinking': (event) => line(`${agent(event).agent} is thinking …`, 'plain', agent(event).words),
  'agent:updated': (event) => step(`Agent at work here: ${agent(event).agent}`),
  'agent:stopping': (event) =>
    line(`${agent(event).agent} was asked to stop`, 'attention', by(agent(event).stopBy)),
  'agent:retrying': (event) =>
    line(`${agent(event).agent} is asked to try again`, 'attention', by(agent(event).retryBy)),
  'agent:completed': (event) => line(`${agent(event).agent} is done`, 'good'),
  'agent:failed': ({ data }) => {
    const { agent: name, reason = 'failed', failure } = data as AgentData;
    const [words, tone] = AGENT_END[reason];
    return line(`${name} ${words}`, tone, failure);
  },
  'approval:requested': (event) =>
    line(
      `Approval asked of ${askedOf(approval(event))}: ${what(event)}${dueOf(approval(event))}`,
      'attention',
    ),
  'approval:updated': (event) => step(`Approval changed: ${what(event)}${dueOf(approval(event))}`),
  'approval:completed': (event) => {
    const { state, decidedBy, reason } = approval(event);
    const [words, tone] = OUTCOME[state as keyof typeof OUTCOME];
    const text = decidedBy === undefined ? `Approval ${words}` : `${decidedBy} ${words}`;
    return line(`${text}: ${what(event)}`, tone, reason);
  },
  'form:submitted': ({ data }) => {
    const { submittedBy, formKey, taskName, taskId } = data as FormSubmissionData;
    return line(
      `${submittedBy} submitted ${formKey}${taskId === undefined ? '' : ` for ${taskName ?? taskId}`}`,
      'good',
    );
  },
  'form:updated': ({ data }) => step(`Submitted: ${(data as FormSubmissionData).formKey}`),
  'message:deleted': ({ data }) => {
    const { by: who, userId } = data as MessageData;
    return line(`${who ?? userId} deleted a message`);
  },
  'task:created': (event) => ofTask(event, line(`New task: ${taskName(event)}`, 'attention')),
  'task:assigned': (event) => line(`Task assigned to ${task(event).assignee}`, 'plain', taskName(event)),
  'task:unassigned': (event) => line(`Task open again: ${taskName(event)}`, 'attention'),
  'task:completed': (event) =>
    ofTask(
      event,
      line(`Task completed: ${taskName(event)}`, 'good', by(task(event).by ?? task(event).assignee)),
    ),
  'task:cancelled': (event) => ofTask(event, line(`Task cancelled: ${taskName(event)}`)),
  'task:updated': (event) => step(`Task changed: ${taskName(event)}`),
  'process:started': (event) =>
    line(`Process started: ${processName(event)}`, 'plain', by((event.data as ProcessData).startedBy)),
  'process:linked': (event) => line(`Process belongs here: ${processName(event)}`),
  'process:updated': (event) => step(`Data changed: ${processName(event)}`),
  'process:completed': (event) => line(`Process completed: ${processName(event)}`, 'good'),
  'process:cancelled': (event) =>
    line(`Process cancelled: ${processName(event)}`, 'bad', (event.data as ProcessData).deleteReason),
  'process:suspended': (event) => line(`Process suspended: ${processName(event)}`, 'attention'),
  'process:resumed': (event) => line(`Process resumed: ${processName(event)}`),
  'process:error': (event) =>
    line(`Incident at ${incident(event).activityId ?? 'an unknown step'}`, 'bad', incident(event).message),
  // Where it comes to be shown it is news.
  'process:error-updated': (event) =>
    line(`Incident at ${incident(event).activityId ?? 'an unknown step'}`, 'bad', incident(event).message),
  'process:error-resolved': (event) =>
    line(`Incident resolved at ${incident(event).activityId ?? 'an unknown step'}`, 'good'),
  'execution:created': (event) =>
    line(`Workstream opened: ${execution(event).title}`, 'plain', by(execution(event).createdBy)),
  'execution:updated': (event) =>
    line(`Workstream now: ${execution(event).title}`, 'plain', execution(event).participants.join(', ')),
  // What a diagram catches at the edge of a step is news for everybody: an error, a timeout.
  'activity:started': (event) =>
    (event.data as ActivityData).activityType?.startsWith('boundary')
      ? line(activityName(event), 'attention')
      : step(`Reached: ${activityName(event)}`),
  'activity:updated': (event) => step(`Under way: ${activityName(event)}`),
  'activity:completed': (event) =>
    step(`${(event.data as ActivityData).canceled ? 'Interrupted' : 'Passed'}: ${activityName(event)}`),
};

/** Puts a workflow's event in words. A type that has none here, as custom ones, is named. */
export function describe(event: RealtimeEvent): Description {
  return WORDS[event.type]?.(event) ?? line(event.type.replace(/^x:/, ''));
}
