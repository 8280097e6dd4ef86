import { type MappedFact, mapCommand } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import {
  type DeadLetterData,
  type EngineCommand,
  engineCommand,
  type Fact,
  type RealtimeError,
  type Subject,
  subject,
} from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { DeadLetters, NewLetter } from './dead-letters.ts';
import type { Publish, PublishResult } from './publish.ts';

/** Commands of an engine, as its relay sends them. */
export interface RelayedBatch {
  engine: string;
  /** Whatever has come; each is checked by itself. */
  commands: unknown[];
  /** The life of the default domain's log that they follow on. */
  epoch?: string | undefined;
}

/** Takes what relays send. */
export interface Relayed {
  /**
   * Maps and publishes commands, and keeps aside what can not enter: once it resolves all of it is in the log.
   *
   * @param own facts of the gateway's own, for the default domain
   * @param assertMay asked, before anything is written, of each domain that commands go to; that of what can not be
   * read, which is kept aside, is the default one. What it throws ends the whole
   * @throws {@link RealtimeError} that is retryable: nothing may be taken for done, and the same can be sent again
   */
  take(
    batch: RelayedBatch,
    own?: Fact[],
    assertMay?: (domain: string) => void,
  ): Promise<Pick<PublishResult, 'epoch' | 'seq' | 'settle'>>;
  /**
   * Maps a dead letter anew, and publishes what comes of it now.
   *
   * @returns what still can not enter, in words; `undefined` where all of it has
   */
  replay(letter: Pick<DeadLetterData, 'commands' | 'cut'> & { engine: string }): Promise<string | undefined>;
}

/** What it needs. */
export interface RelayedTools {
  log: Pick<Log, 'rows'>;
  publish: Publish;
  deadLetters: Pick<DeadLetters, 'keep'>;
  /** The domain of what names no tenant, and of what is kept aside. */
  defaultDomain: string;
  /** The domain of what names no tenant, by the engine's name, where it has one of its own. */
  engineDomains?: ReadonlyMap<string, string>;
  logger: Logger;
}

/** A fact, and the command that it is of. */
type Taken = MappedFact & { command: EngineCommand };

/** Makes the way in of engines' commands. */
export function createRelayed(tools: RelayedTools): Relayed {
  const { log, publish, deadLetters, defaultDomain, engineDomains, logger } = tools;

  /** What commands come to: by domain, the default one first; and what can not be read. */
  function read({ engine, commands }: Pick<RelayedBatch, 'engine' | 'commands'>) {
    const domains = new Map<string, Taken[]>([[defaultDomain, []]]);
    const unreadable: { command: unknown; error: string }[] = [];
    const unknown: EngineCommand[] = [];
    for (const raw of commands) {
      const parsed = engineCommand.safeParse(raw);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        unreadable.push({ command: raw, error: `${issue!.path.join('.') || 'command'}: ${issue!.message}` });
        continue;
      }
      const command = parsed.data;
      const mapped = mapCommand(engine, command);
      if (mapped.unknown.length > 0) unknown.push({ ...command, events: mapped.unknown });
      for (const one of mapped.facts) {
        const domain = one.tenantId ?? engineDomains?.get(engine) ?? defaultDomain;
        const own = domains.get(domain);
        if (own) own.push({ ...one, command });
        else domains.set(domain, [{ ...one, command }]);
      }
    }
    return { domains, letters: [...unreadableLetter(engine, unreadable), ...unknownLetter(engine, unknown)] };
  }

  /** Publishes in one domain; answers the letters of what was refused for good. */
  async function intoDomain(engine: string, domain: string, taken: Taken[], own: Fact[] = [], life?: string) {
    const facts = taken.map(({ fact }) => fact);
    const answer = await publish(domain, [...facts, ...own], life);
    const letters = answer.results.flatMap((result, i) => {
      if (result.status !== 'refused') return [];
      // What may work later must stay with its source; the rest would block it for ever.
      if (result.error.toWire().retryable) throw result.error;
      const one = taken[i];
      if (one) return [refusedLetter(engine, one, result.error)];
      logger.error({ engine, error: result.error.toWire() }, 'what a relay says of itself was refused');
      return [];
    });
    return { answer, letters };
  }

  async function enter(
    { engine, epoch }: Pick<RelayedBatch, 'engine' | 'epoch'>,
    domains: Map<string, Taken[]>,
    own: Fact[] = [],
  ) {
    // The relay is told one epoch for all domains, that of the default one: a failover begins another life in
    // each, at its first touch. That one goes first, so that nothing of the batch is in a life before it.
    const [[domain, taken], ...others] = [...domains] as [[string, Taken[]], ...[string, Taken[]][]];
    const first = await intoDomain(engine, domain, taken, own, epoch);
    const rest = await Promise.all(others.map(([domain, taken]) => intoDomain(engine, domain, taken)));
    const settle = Math.max(...[first, ...rest].map(({ answer }) => answer.settle));
    return { ...first.answer, settle, letters: [first, ...rest].flatMap(({ letters }) => letters) };
  }

  /** Facts that would take back what has happened since. Only those that happen again and again can: of others the fold knows. */
  async function overtaken(domain: string, taken: Taken[]): Promise<Set<Taken>> {
    const names = new Map(taken.flatMap((one) => (subjectOf(one.fact) ? [[one, subjectOf(one.fact)!]] : [])));
    const rows = new Map(
      (await log.rows(domain, [...new Set(names.values())])).map((row) => [row.subject, row]),
    );
    return new Set(
      [...names].flatMap(([one, name]) => {
        const row = rows.get(name);
        return row && happenedAt(row.body) > one.command.committedAt ? [one] : [];
      }),
    );
  }

  return {
    async take(batch, own, assertMay) {
      const { domains, letters } = read(batch);
      for (const [domain, taken] of domains)
        if (taken.length > 0 || (domain === defaultDomain && letters.length > 0)) assertMay?.(domain);
      const { epoch, seq, settle, letters: refused } = await enter(batch, domains, own);
      const kept = await deadLetters.keep([...letters, ...refused], epoch);
      return { epoch, seq: kept?.seq ?? seq, settle };
    },

    async replay({ engine, commands, cut }) {
      if (cut) return 'Only its beginning was kept.';
      const { domains, letters } = read({ engine, commands });
      let late = 0;
      for (const [domain, taken] of domains) {
        const past = await overtaken(domain, taken);
        late += past.size;
        domains.set(
          domain,
          taken.filter((one) => !past.has(one)),
        );
      }
      const { letters: refused } = await enter({ engine }, domains);
      const [wrong] = [...letters, ...refused];
      if (wrong) return wrong.error ?? `No mapping knows ${wrong.about.join(', ')}.`;
      return late > 0 ? 'What it says has changed again since; to enter it would take that back.' : undefined;
    },
  };
}

const MOST_NAMED = 20;
const words = (list: string[]) => [...new Set(list)].slice(0, MOST_NAMED).map((word) => word.slice(0, 200));

function unreadableLetter(engine: string, unreadable: { command: unknown; error: string }[]): NewLetter[] {
  if (unreadable.length === 0) return [];
  const about = unreadable.map(({ command }) =>
    String((command as { id?: unknown } | null)?.id ?? 'a command'),
  );
  const commands = unreadable.map(({ command }) => command);
  const { error } = unreadable[0]!;
  return [{ engine, reason: 'unreadable_command', about: words(about), error, commands }];
}

function unknownLetter(engine: string, commands: EngineCommand[]): NewLetter[] {
  if (commands.length === 0) return [];
  const kinds = commands.flatMap(({ events }) => events.map(kindOf));
  return [{ engine, reason: 'unknown_event', about: words(kinds), commands }];
}

function refusedLetter(engine: string, { fact, from, command }: Taken, error: RealtimeError): NewLetter {
  return {
    engine,
    reason: 'refused_fact',
    about: words([`${fact.type} ${fact.id}`]),
    error: `${error.code}: ${error.message}`.slice(0, 4000),
    commands: [{ ...command, events: from }],
  };
}

function kindOf(event: unknown): string {
  const { kind, event: what } = (event ?? {}) as { kind?: unknown; event?: unknown };
  return typeof kind === 'string' ? `${kind} ${typeof what === 'string' ? what : ''}`.trim() : 'no event';
}

/** Facts that say how something is now, so that an old one would be wrong. */
const REPEATING = /^(task:updated|process:(updated|suspended|resumed|linked))$/;

function subjectOf({ type, data }: Fact): Subject | undefined {
  if (!REPEATING.test(type)) return undefined;
  const { taskId, processInstanceId } = data as { taskId?: string; processInstanceId?: string };
  return type.startsWith('task:') ? subject('task', taskId!) : subject('process', processInstanceId!);
}

function happenedAt(body: string): number {
  const { committedAt, time } = JSON.parse(body) as { committedAt?: number; time: string };
  return committedAt ?? Date.parse(time);
}
