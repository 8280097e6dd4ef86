import { isOf } from '@netbuild/realtime-client';
import type {
  AgentData,
  ApprovalData,
  CommandInput,
  CommandName,
  RealtimeEvent,
  SubjectKind,
} from '@netbuild/realtime-protocol';
import type { ChatWords } from './chat-words.ts';
import type { Tone } from './describe.ts';

/** Something that a person can have done about what a line tells of. */
export type Action = {
  [N in CommandName]: {
    /** What the button says. */
    label: string;
    command: N;
    input: CommandInput<N>;
    /** Default `plain`. */
    tone?: Tone;
    /** A text to ask for before, such as a reason; it goes into the command under the name `field`. */
    asks?: { label: string; field: keyof CommandInput<N> & string; isRequired?: boolean };
  };
}[CommandName];

/**
 * By kind of subject, since every event carries the whole row: what its newest row lets a person do.
 * None where it is over, or where it is not for `me`; whether they may is for the server to say.
 */
const ACTIONS: Partial<
  Record<SubjectKind, (row: RealtimeEvent, me: string | undefined, words: ChatWords) => readonly Action[]>
> = {
  agent: (row, _, words) =>
    !isOf('agent', row)
      ? []
      : row.data.state === 'thinking'
        ? [{ label: words.stop, command: 'agent:stop', input: { agentId: row.data.agentId } }]
        : mayBeTriedAgain(row.data)
          ? [{ label: words.tryAgain, command: 'agent:retry', input: { agentId: row.data.agentId } }]
          : [],
  incident: (row, _, words) =>
    isOf('incident', row) && row.data.state === 'open' && (row.data.jobId ?? row.data.externalTaskId)
      ? [{ label: words.tryAgain, command: 'incident:retry', input: { incidentId: row.data.incidentId } }]
      : [],
  optimization: (row, _, words) => {
    if (!isOf('optimization', row) || row.data.state !== 'suggested') return [];
    const input = { optimizationId: row.data.optimizationId };
    return [
      { label: words.accept, command: 'optimization:accept', input, tone: 'good' },
      {
        label: words.dismiss,
        command: 'optimization:dismiss',
        input,
        asks: { label: words.dismissWhy, field: 'reason' },
      },
    ];
  },
  approval: (row, me, words) =>
    isOf('approval', row) && isFor(row.data, me)
      ? [
          {
            label: words.approve,
            command: 'approval:decide',
            input: { approvalId: row.data.approvalId, decision: 'approved' },
            tone: 'good',
          },
          {
            label: words.reject,
            command: 'approval:decide',
            input: { approvalId: row.data.approvalId, decision: 'rejected' },
            tone: 'bad',
            asks: { label: words.rejectWhy, field: 'reason', isRequired: row.data.reasonRequired === true },
          },
        ]
      : [],
};

/** Whether an approval may be asked of somebody; of which groups they are is the server's to know. */
function isFor(
  { state, assignee, candidateUsers, candidateGroups }: ApprovalData,
  me: string | undefined,
): boolean {
  if (state !== 'requested') return false;
  if (assignee !== undefined) return assignee === me;
  return candidateGroups.length > 0 || (me !== undefined && candidateUsers.includes(me));
}

/** What has gone to the process as an error, or is gone, is not there to be tried again. */
function mayBeTriedAgain({ state, reason, code, retryBy, followedBy }: AgentData): boolean {
  return state === 'failed' && reason !== 'cancelled' && !code && !retryBy && !followedBy;
}

/** What can be done about a subject as its row now is. */
export function actionsOf(row: RealtimeEvent, me: string | undefined, words: ChatWords): readonly Action[] {
  return ACTIONS[partsOf(row.subject)[0]]?.(row, me, words) ?? [];
}

/** Whether anything can ever be done about what an event tells of. */
export function hasActions(event: RealtimeEvent): boolean {
  return partsOf(event.subject)[0] in ACTIONS;
}

/** The kind and the id in a subject's name; events of custom types may have none. */
export function partsOf(subject = ''): [kind: SubjectKind, id: string] {
  const slash = subject.indexOf('/');
  return [subject.slice(0, Math.max(0, slash)) as SubjectKind, subject.slice(slash + 1)];
}
