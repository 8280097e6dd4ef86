import type {
  ActivityData,
  AgentData,
  ApprovalData,
  CommandData,
  DeadLetterData,
  ErasureData,
  ExecutionData,
  FormSubmissionData,
  IncidentData,
  LeaseData,
  MessageData,
  MicroserviceData,
  OptimizationData,
  PatternData,
  PaymentData,
  ProcessData,
  ReadData,
  RealtimeEvent,
  RelayData,
  RevocationData,
  SourceData,
  Subject,
  SubjectKind,
  SubscriptionData,
  TaskData,
} from '@netbuild/realtime-protocol';

/** What the row of each kind of subject says. */
export interface RowData {
  task: TaskData;
  process: ProcessData;
  activity: ActivityData;
  incident: IncidentData;
  execution: ExecutionData;
  message: MessageData;
  read: ReadData;
  payment: PaymentData;
  microservice: MicroserviceData;
  optimization: OptimizationData;
  pattern: PatternData;
  agent: AgentData;
  form: FormSubmissionData;
  approval: ApprovalData;
  command: CommandData;
  source: SourceData;
  relay: RelayData;
  lease: LeaseData;
  erasure: ErasureData;
  'dead-letter': DeadLetterData;
  revocation: RevocationData;
  subscription: SubscriptionData;
}

/** An event of a history. */
export type HistoryEvent = RealtimeEvent & {
  /** The command that is expected to have brought this about. It is not confirmed yet, and `seq` is no place of the log. */
  pending?: string;
};

/** A subject as it now is: its newest event, or what a command is expected to make of it. */
export type Row<K extends SubjectKind = SubjectKind> = HistoryEvent & { subject: Subject; data: RowData[K] };

/** What a list of subjects is called: `tasks`, `processes`, `activities`, … */
export type ListName = keyof Kinds;

/** The kind of what a list holds. */
export type KindOf<N extends ListName> = Kinds[N];

type Kinds = {
  [K in SubjectKind as K extends 'process' ? 'processes' : K extends 'activity' ? 'activities' : `${K}s`]: K;
};

/** The kind of what a list holds. */
export const kindOf = <N extends ListName>(name: N): KindOf<N> =>
  name.replace(/ies$/, 'y').replace(/(ss)es$|s$/, '$1') as KindOf<N>;

/**
 * Whether an event is about a subject of this kind.
 *
 * @example client.on('*', (event) => isOf('task', event) && show(event.data.taskName));
 */
export function isOf<K extends SubjectKind>(kind: K, event: RealtimeEvent): event is Row<K> {
  return event.subject?.startsWith(`${kind}/`) === true;
}

/** Times that were read of rows: a list of thousands compares each many times, at every change. */
const born = new WeakMap<Row, number>();

/** When a subject came into being, by what its row says: the order of lists that must not jump. */
export function bornAt(row: Row): number {
  const known = born.get(row);
  if (known !== undefined) return known;
  const data = row.data as { created?: string; started?: string; timestamp?: string; since?: string };
  const at = Date.parse(data.created ?? data.started ?? data.timestamp ?? data.since ?? row.time);
  born.set(row, at);
  return at;
}
