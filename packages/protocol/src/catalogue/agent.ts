import { z } from 'zod';
import { RealtimeError } from '../error.ts';
import type { Change, Fact, Rows } from '../fact.ts';
import { AT_WORK } from '../room.ts';
import { subject } from '../subject.ts';
import { defined, processRooms, unlessSame } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, linkFields, time } from './fields.ts';
import { message } from './message.ts';
import { foldLinks, linksOf } from './span.ts';
import { foldSpeech, speech } from './speech.ts';

/** Milliseconds for which a run counts as thinking after its last sign of life, where it says nothing else. */
export const DEFAULT_AGENT_TTL = 15_000;

/** The most characters of JSON that a result may have: what is larger belongs where it can be fetched. */
export const MAX_RESULT_LENGTH = 8192;

/** Why a run has failed. `silent`: it has given no sign of life; `cancelled`: its task is gone. */
export const AGENT_FAILURES = ['failed', 'silent', 'stopped', 'cancelled'] as const;

/** Signs of life that come sooner than this share of the lease after the last one that was written are no news. */
const TOO_SOON = 1 / 4;

const result = z
  .record(z.string().min(1).max(255), z.unknown())
  .refine((value) => JSON.stringify(value).length <= MAX_RESULT_LENGTH, {
    message: `A result has at most ${MAX_RESULT_LENGTH} characters of JSON.`,
    params: { code: 'too_large' },
  });

/** What it has used, by name: `inputTokens`, `outputTokens`, `milliseconds`. */
const usage = z
  .record(z.string().min(1).max(64), z.number().min(0))
  .refine((all) => Object.keys(all).length <= 20, 'Usage has at most 20 numbers.');

const ttl = z.int().min(1000).max(300_000);

/** Which run it is, and where it belongs. */
const runFields = {
  /** The run: one agent at one thing, once. */
  agentId: id,
  /** The agent's name, `summarise`. */
  agent: id,
  executionId: id.optional(),
  processInstanceId: id.optional(),
  /** The element of the diagram that it works for. */
  activityId: id.optional(),
  engine: id.optional(),
  /** The external task that it works off. */
  externalTaskId: id.optional(),
  /** Whose run it is: the same id from another holder is refused, so that two never share one. */
  holder: id.optional(),
  /** The run that this one tries again; it is over by that. */
  follows: id.optional(),
};

const agentData = z.object({
  ...runFields,
  ...linkFields,
  rootProcessInstanceId: id.optional(),
  state: z.enum(['thinking', 'stopping', 'completed', 'failed']),
  since: time,
  /** Without another sign of life it is over by then; gone once it is over. */
  until: time.optional(),
  /** Milliseconds of its lease. */
  ttl: ttl.optional(),
  /** What it is doing, in words. */
  words: line.optional(),
  /** The message that it speaks into, the last of them where its answer was too long for one. */
  messageId: id.optional(),
  result: result.optional(),
  usage: usage.optional(),
  reason: z.enum(AGENT_FAILURES).optional(),
  /** Why it has failed, in words. */
  failure: line.optional(),
  /** The BPMN error that its failure was to the process. */
  code: id.optional(),
  /** Who has asked it to stop. */
  stopBy: id.optional(),
  /** Who has asked for another try. */
  retryBy: id.optional(),
  /** The run that tries it again. */
  followedBy: id.optional(),
  ended: time.optional(),
});

/** One run of an agent as it now is. */
export type AgentData = z.infer<typeof agentData>;

/** Agents: one row a run. Thinking is a lease: whoever finds the row unchanged for so long may end it. */
export const agent = {
  kind: 'agent' as const,
  data: agentData,
  rooms: ({ processInstanceId, rootProcessInstanceId, executionId, state }: AgentData) => [
    ...processRooms({ processInstanceId, rootProcessInstanceId, executionId }),
    isAtWork({ state }) ? (AT_WORK as typeof AT_WORK) : undefined,
  ],
  isOpen: (data: AgentData) => isAtWork(data),
  people: { fields: ['stopBy', 'retryBy'] as const, type: 'agent:updated' as const },
};

function isAtWork({ state }: Pick<AgentData, 'state'>): boolean {
  return state === 'thinking' || state === 'stopping';
}

const type = typesOf(agent);
const nameOf = ({ agentId }: { agentId: string }) => subject('agent', agentId);

/** What is said at the end of a run that nobody has heard of may say whose it is. */
const outcome = z.object({
  ...runFields,
  agent: id.optional(),
  said: speech.optional(),
  usage: usage.optional(),
});
type Outcome = z.infer<typeof outcome>;

/** The types of event that a run of an agent has. */
export const agentTypes = [
  type({
    type: 'agent:thinking',
    doc: 'An agent has begun, or is still at it: a lease, which ends by agent:failed unless it is renewed.',
    fact: z.object({ ...runFields, ttl: ttl.optional(), words: line.optional() }),
    fold: (fact, rows) => {
      const { data, time: at } = fact;
      const before = rows<AgentData>(nameOf(data));
      if (before) assertAtWork(before, data.holder);
      const run = before ?? { ...data, state: 'thinking' as const, since: at };
      const after = { ...renewed({ ...run, ttl: data.ttl ?? run.ttl }, at), words: data.words ?? run.words };
      const linked = defined({ ...after, ...linksOf(rows, run.processInstanceId) });
      return [
        ...(before ? [] : follow(data, at, rows)),
        ...unlessSame(before, {
          type: 'agent:thinking',
          subject: nameOf(data),
          data: linked,
          ...(before && { passing: true }),
        }),
      ];
    },
  }),
  type({
    type: 'agent:updated',
    doc: 'A run was linked to an execution, or followed by another try, or a person was erased whom it named.',
    publishable: false,
    fact: z.object({ agentId: id }),
    fold: (fact, rows) => foldLinks(nameOf(fact.data), 'agent:updated', rows),
  }),
  type({
    type: 'agent:stopping',
    doc: 'Somebody has asked an agent to stop: it hears of it by the answer to whatever it says next.',
    publishable: false,
    fact: z.object({ agentId: id, by: id }),
    fold: ({ data }, rows) => {
      const before = found(data, rows);
      if (!isAtWork(before)) throw new RealtimeError('agent_ended', { field: 'agentId' });
      if (before.state === 'stopping') return [];
      const after: AgentData = { ...before, state: 'stopping', stopBy: data.by };
      return [{ type: 'agent:stopping', subject: nameOf(data), data: after }];
    },
  }),
  type({
    type: 'agent:retrying',
    doc: 'Somebody has asked for another try of what an agent has failed at; the run that follows names this one.',
    publishable: false,
    fact: z.object({ agentId: id, by: id }),
    fold: ({ data }, rows) => {
      const before = found(data, rows);
      if (before.state !== 'failed' || before.followedBy !== undefined)
        throw new RealtimeError('agent_not_failed', { field: 'agentId' });
      if (before.retryBy !== undefined) return [];
      return [{ type: 'agent:retrying', subject: nameOf(data), data: { ...before, retryBy: data.by } }];
    },
  }),
  type({
    type: 'agent:completed',
    doc: 'An agent is done: with its result, and with what it has used.',
    fact: outcome.extend({ result: result.optional() }),
    fold: (fact, rows) => {
      const { result: came, usage: used } = fact.data;
      return foldEnd('agent:completed', fact, { state: 'completed', result: came, usage: used }, rows);
    },
  }),
  type({
    type: 'agent:failed',
    doc: 'An agent has failed, was stopped, has lost its task, or has given no sign of life for too long.',
    fact: outcome.extend({
      reason: z.enum(AGENT_FAILURES).default('failed'),
      failure: line.optional(),
      code: id.optional(),
    }),
    fold: (fact, rows) => {
      const { reason, failure, code, usage: used } = fact.data;
      return foldEnd('agent:failed', fact, { state: 'failed', reason, failure, code, usage: used }, rows);
    },
  }),
];

/** The type of event by which an agent's message grows. */
export const speechTypes = [
  typesOf(message)({
    type: 'message:appended',
    doc: 'An agent has said more of its message, or begun with it; the run is alive by that.',
    fact: speech.extend({ agentId: id, holder: id.optional() }),
    fold: (fact, rows) => {
      const { agentId, holder, ...said } = fact.data;
      const before = found(fact.data, rows);
      assertAtWork(before, holder);
      const linked = { ...before, ...linksOf(rows, before.processInstanceId) };
      const words = foldSpeech(said, linked, fact, rows);
      if (words.length === 0) return [];
      const after = defined({ ...renewed(linked, fact.time), messageId: said.messageId });
      return [
        ...words,
        ...unlessSame(before, {
          type: 'agent:thinking',
          subject: subject('agent', agentId),
          data: after,
          passing: true,
        }),
      ];
    },
  }),
];

/**
 * The row of a run that may go on.
 *
 * @throws {RealtimeError} `agent_ended`, also for what another holder says; `agent_stopped`
 */
export function assertAtWork(run: AgentData, holder: string | undefined = run.holder): void {
  if (!isAtWork(run) || run.holder !== holder) throw new RealtimeError('agent_ended', { field: 'agentId' });
  if (run.state === 'stopping') throw new RealtimeError('agent_stopped', { field: 'agentId' });
}

/** The run with its lease renewed, unless that was done a moment ago; a lease never becomes shorter. */
function renewed(run: AgentData, at: string): AgentData {
  const { ttl: lease = DEFAULT_AGENT_TTL, since, until = since } = run;
  const next = Date.parse(at) + lease;
  const isTooSoon = run.until !== undefined && next - Date.parse(until) < lease * TOO_SOON;
  return { ...run, ttl: lease, until: isTooSoon ? until : new Date(next).toISOString() };
}

function found(data: { agentId: string }, rows: Rows): AgentData {
  const before = rows<AgentData>(nameOf(data));
  if (!before) throw new RealtimeError('not_found', { field: 'agentId', message: 'There is no such run.' });
  return before;
}

/** The run before has a successor; it is over by that, if it has not said so itself: its task is another's. */
function follow({ agentId, follows }: Partial<AgentData>, at: string, rows: Rows): Change[] {
  const earlier = follows === undefined ? undefined : rows<AgentData>(subject('agent', follows));
  if (!earlier || earlier.followedBy !== undefined) return [];
  const followed: AgentData = { ...earlier, followedBy: agentId };
  if (!isAtWork(earlier))
    return [{ type: 'agent:updated', subject: nameOf(earlier), data: followed, passing: true }];
  const end = { state: 'failed', reason: 'silent', failure: 'Another run has its task now.' } as const;
  return [{ type: 'agent:failed', subject: nameOf(earlier), data: ended(followed, end, at) }];
}

/** An end is the first that is heard of: one that comes late, and says something else, is refused. */
function foldEnd(
  as: 'agent:completed' | 'agent:failed',
  fact: Fact & { data: Outcome },
  end: Partial<AgentData> & Pick<AgentData, 'state'>,
  rows: Rows,
): Change[] {
  const { agentId, agent: name, usage: _usage, said, ...where } = fact.data;
  const before = rows<AgentData>(nameOf(fact.data));
  if (before && !isAtWork(before)) {
    const isSame = unlessSame(before, {
      type: as,
      subject: nameOf(fact.data),
      data: ended(before, end, before.ended!),
    });
    if (isSame.length === 0) return [];
    throw new RealtimeError('agent_ended', { field: 'agentId' });
  }
  if (before && where.holder !== undefined && before.holder !== where.holder)
    throw new RealtimeError('agent_ended', { field: 'agentId' });
  const run = before ?? bornOf(fact, name);
  const linked = { ...run, ...linksOf(rows, run.processInstanceId) };
  const words = said ? foldSpeech(said, linked, fact, rows) : [];
  const after = ended({ ...linked, messageId: said?.messageId ?? run.messageId }, end, fact.time);
  return [...words, { type: as, subject: nameOf({ agentId }), data: after }];
}

/** A run that is heard of at its end alone has to say who it was. */
function bornOf({ data, time: since }: Fact & { data: Outcome }, name: string | undefined): AgentData {
  const { agentId, executionId, processInstanceId, activityId, engine, externalTaskId, holder, follows } =
    data;
  if (name === undefined)
    throw new RealtimeError('not_found', {
      field: 'agentId',
      message: 'There is no such run; one that begins with its end says its agent.',
    });
  const where = { executionId, processInstanceId, activityId, engine, externalTaskId, holder, follows };
  return { agentId, agent: name, ...where, state: 'thinking', since };
}

function ended(
  { until: _until, ttl: _ttl, words: _words, ...run }: AgentData,
  end: Partial<AgentData> & Pick<AgentData, 'state'>,
  at: string,
): AgentData {
  return defined({ ...run, ...end, ended: at });
}
