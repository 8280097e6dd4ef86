import type { Log } from '@netbuild/realtime-log';
import {
  type Fact,
  room,
  type Subject,
  type SubjectKind,
  subject,
  subjectKind,
} from '@netbuild/realtime-protocol';
import { openRows } from '../rows.ts';
import type { Publish, Published, PublishResult } from './publish.ts';

/** Rows that are looked at, and published, at once. */
const PAGE = 500;

/** By the kind of what has its rooms from its process instance: the fact by which it takes over where that is linked now. */
const FOLLOWERS: Partial<Record<SubjectKind, (id: string) => Pick<Fact, 'type' | 'data'>>> = {
  process: (processInstanceId) => ({ type: 'process:linked', data: { processInstanceId } }),
  activity: (activityInstanceId) => ({ type: 'activity:updated', data: { activityInstanceId } }),
  incident: (incidentId) => ({ type: 'process:error-updated', data: { incidentId } }),
  approval: (approvalId) => ({ type: 'approval:updated', data: { approvalId } }),
  task: (taskId) => ({ type: 'task:updated', data: { taskId } }),
  agent: (agentId) => ({ type: 'agent:updated', data: { agentId } }),
};

/**
 * Publishes as another does, and has all that is open in a process instance follow where the instance is linked.
 *
 * A row takes its links over when it is folded, and what its fold has read is compared. So what is folded after the
 * link is right by itself, and what was before it is there to be found: each such row gets a fact of its own, with
 * the id `<link>/<subject>`. The link is acknowledged after the last. Whoever is killed on the way is sent the link
 * again; it is known then, as are those that have followed, and the rest does.
 */
export function withLinks(log: Pick<Log, 'readBack' | 'snapshot'>, publish: Publish): Publish {
  async function isLink(domain: string, fact: Fact, result: Published): Promise<boolean> {
    if (result.status === 'refused' || result.seqs.length === 0) return false;
    if (fact.type === 'process:linked') return true;
    return fact.type === 'process:started' && isLateStart(domain, fact.data as Instance, result.seqs[0]!);
  }

  /** Whether something had happened in an instance before it started: a source was late, or sends again. */
  async function isLateStart(domain: string, instance: Instance, seq: number): Promise<boolean> {
    const { processInstanceId, rootProcessInstanceId = processInstanceId, businessKey } = instance;
    if (businessKey === undefined && rootProcessInstanceId === processInstanceId) return false;
    const before = { room: room('process', processInstanceId), before: seq, limit: 1 };
    return (await log.readBack(domain, before)).entries.length > 0;
  }

  /** Publishes a fact for each open row of the instance; answers where the log stands after the last. */
  async function follow(domain: string, link: Fact, answer: PublishResult): Promise<PublishResult> {
    const { processInstanceId } = link.data as Instance;
    let { seq } = answer;
    for await (const page of openRows(log, domain, room('process', processInstanceId), PAGE)) {
      const names = page.map(({ subject }) => subject);
      const facts = names
        .filter((name) => name !== subject('process', processInstanceId))
        .flatMap((name) => following(link, name));
      if (facts.length > 0) seq = await enter(domain, facts, answer.epoch);
    }
    return { ...answer, seq };
  }

  async function enter(domain: string, facts: Fact[], life: string): Promise<number> {
    // The link may be gone with the life that it was written in.
    const { seq, results } = await publish(domain, facts, life);
    for (const result of results) {
      if (result.status === 'refused' && result.error.toWire().retryable) throw result.error;
    }
    return seq;
  }

  return async (domain, facts, life) => {
    let answer = await publish(domain, facts, life);
    const isLate = await Promise.all(facts.map((fact, i) => isLink(domain, fact, answer.results[i]!)));
    for (const link of facts.filter((_fact, i) => isLate[i])) answer = await follow(domain, link, answer);
    return answer;
  };
}

/** What a fact about a process instance says of where it belongs. */
interface Instance {
  processInstanceId: string;
  rootProcessInstanceId?: string;
  businessKey?: string;
}

function following(link: Fact, name: Subject): Fact[] {
  const kind = subjectKind(name);
  const follower = FOLLOWERS[kind]?.(name.slice(kind.length + 1));
  if (!follower) return [];
  const { source, id, time, committedAt } = link;
  return [
    {
      source,
      id: `${id}/${name}`,
      time,
      ...follower,
      ...(committedAt === undefined ? {} : { committedAt }),
    },
  ];
}
