import type { Fact, RealtimeError } from '@netbuild/realtime-protocol';
import { errorOf } from '../error.ts';
import type { Publish, Published, PublishResult } from './publish.ts';

/** A fact, and where it goes. */
export interface Addressed {
  domain: string;
  fact: Fact;
}

/** Where the log of a domain stands. */
export type Standing = Pick<PublishResult, 'epoch' | 'seq' | 'settle'>;

/** What became of facts of several domains. */
export interface IntakeResult extends Standing {
  /** One for each fact, in order, with where the log of its domain stands. */
  results: { published: Published; standing: Standing }[];
}

/**
 * Publishes facts that may be of several domains; in each of them they keep their order.
 *
 * One that is refused for good holds up no other.
 *
 * @param home the domain to ask where the log stands if there are no facts; else it is that of the first
 * @throws {@link RealtimeError} that is retryable: nothing may be taken for done, and the same can be sent again
 */
export type Intake = (facts: readonly Addressed[], home: string) => Promise<IntakeResult>;

/** What it needs. */
export interface IntakeTools {
  publish: Publish;
  /** Called when a person was erased, before that is acknowledged. */
  onErased: (domain: string, user: string) => Promise<unknown>;
}

/** Makes the way in of what publishers send. */
export function createIntake({ publish, onErased }: IntakeTools): Intake {
  async function intoDomain(domain: string, facts: Fact[]) {
    const results: Published[] = [];
    let last: PublishResult | undefined;
    let settle = 0;
    for (const run of runsOf(facts)) {
      // In the life of those before: what some follow on may be lost with another.
      const answer = await enter(domain, run, last?.epoch);
      if (answer instanceof Error) {
        results.push({ status: 'refused', error: answer });
        continue;
      }
      last = answer;
      settle = Math.max(settle, answer.settle);
      results.push(...answer.results);
    }
    for (const result of results) {
      // What may work later must stay with its source, and with it all that it sent beside.
      if (result.status === 'refused' && result.error.toWire().retryable) throw result.error;
    }
    const { epoch, seq, settle: keep } = last ?? (await publish(domain, []));
    return { results, standing: { epoch, seq, settle: Math.max(settle, keep) } };
  }

  /** @returns why an erasure can not enter, which is thrown, since it is by itself */
  async function enter(domain: string, run: Fact[], life?: string): Promise<PublishResult | RealtimeError> {
    const [fact] = run;
    if (!isErasure(fact!)) return publish(domain, run, life);
    try {
      const answer = await publish(domain, run, life);
      const { user } = (fact!.data ?? {}) as { user?: string };
      if (user !== undefined && answer.results[0]!.status !== 'refused') await onErased(domain, user);
      return answer;
    } catch (thrown) {
      const error = errorOf(thrown);
      if (error.toWire().retryable) throw error;
      return error;
    }
  }

  return async (facts, home) => {
    const first = facts[0]?.domain ?? home;
    const byDomain = new Map<string, Fact[]>([[first, []]]);
    for (const { domain, fact } of facts) {
      const own = byDomain.get(domain);
      if (own) own.push(fact);
      else byDomain.set(domain, [fact]);
    }
    const answers = new Map(
      await Promise.all(
        [...byDomain].map(async ([domain, own]) => [domain, await intoDomain(domain, own)] as const),
      ),
    );
    const taken = new Map<string, number>();
    const results = facts.map(({ domain }) => {
      const place = taken.get(domain) ?? 0;
      taken.set(domain, place + 1);
      const { results: published, standing } = answers.get(domain)!;
      return { published: published[place]!, standing };
    });
    const settle = Math.max(...[...answers.values()].map(({ standing }) => standing.settle));
    return { ...answers.get(first)!.standing, settle, results };
  };
}

const isErasure = ({ type }: Fact): boolean => type === 'data:erased';

/** An erasure looks at what is in the log, so what was sent before it has to be there, and nothing that comes after. */
function runsOf(facts: readonly Fact[]): Fact[][] {
  const runs: Fact[][] = [];
  for (const fact of facts) {
    const run = runs.at(-1);
    if (run && !isErasure(fact) && !isErasure(run[0]!)) run.push(fact);
    else runs.push([fact]);
  }
  return runs;
}
