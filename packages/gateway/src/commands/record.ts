import {
  type CommandData,
  type CommandName,
  type CommandResults,
  commandSubject,
  ERRORS,
  type ErrorCode,
  RealtimeError,
} from '@netbuild/realtime-protocol';
import type { Published } from '../ingest/publish.ts';
import { dataOf } from '../rows.ts';
import { type Call, type CommandTools, commandFact, type Done, digestOf } from './command.ts';

/** A lease on a command: which one, and until when its holder may still have the engine do something. */
export type Lease = Required<Pick<CommandData, 'take' | 'until'>>;

/** A command's row, and where it stands. */
export interface Recorded {
  data: CommandData;
  seq: number;
}

/** What the log is told of a command on its way, and tells of it. */
export interface CommandRecord {
  /** What is known of it; rejects where the id was used for something else. */
  read(call: Call<CommandName>, name: CommandName): Promise<Recorded | undefined>;
  /**
   * Notes a new attempt, and that this node has it: in one append, so that nobody finds what has yet to be taken.
   * @returns whether it is this node's, and whether the log may lose what it has acknowledged
   */
  accept(
    call: Call<CommandName>,
    row: Omit<CommandData, 'status' | 'accepted'> & Lease,
  ): Promise<{ isOwn: boolean; mayBeLost: boolean }>;
  /** Takes one whose lease is over; `false` where somebody else was faster, or another one is on its target now. */
  take(call: Call<CommandName>, row: CommandData, lease: Lease): Promise<boolean>;
  complete<N extends CommandName>(
    call: Call<N>,
    row: CommandData,
    result: CommandResults[N],
    /** What is told with it, in the same append: once, whoever completes it. */
    told?: { type: string; data: object },
  ): Promise<Done<N>>;
  fail(call: Call<CommandName>, row: CommandData, code: ErrorCode, message?: string): Promise<void>;
  /** What a command that is over has come to: its result, or its error. */
  outcome<N extends CommandName>(call: Call<N>, over: Recorded): Promise<Done<N> | RealtimeError>;
}

/** Makes the record of commands on a log. Each step is a fact of its own, which enters once whoever writes it. */
export function createRecord({ log, publish }: Pick<CommandTools, 'log' | 'publish'>): CommandRecord {
  const stepOf =
    (call: Call<CommandName>, row: Pick<CommandData, 'type' | 'attempt'>) => (step: string, data: object) =>
      commandFact(row.type as CommandName, call, `/${row.attempt}/${step}`, `command:${step.split('/')[0]}`, {
        commandId: call.commandId,
        userId: call.actor.userId,
        ...data,
      });

  /** Publishes facts and insists on them. */
  async function enter(call: Call<CommandName>, facts: ReturnType<typeof commandFact>[]) {
    const { epoch, seq, settle, results } = await publish(call.actor.domainId, facts);
    for (const result of results) if (result.status === 'refused') throw result.error;
    const entered = results as Entered[];
    // At its end the command's own row comes last, and is what a retry is told of.
    return { epoch, seq: entered.at(-1)!.seqs.at(-1) ?? seq, settle, entered };
  }

  return {
    async read(call, name) {
      const { userId, domainId } = call.actor;
      const [row] = await log.rows(domainId, [commandSubject({ userId, commandId: call.commandId })]);
      if (!row) return undefined;
      const recorded = { data: dataOf<CommandData>(row), seq: row.seq };
      if (recorded.data.type !== name || recorded.data.digest !== digestOf(call))
        throw new RealtimeError('duplicate_id', { field: 'commandId' });
      return recorded;
    },
    async accept(call, row) {
      const { take, until, ...data } = row;
      const step = stepOf(call, row);
      const { entered, settle } = await enter(call, [
        step('accepted', data),
        step(`taken/${take}`, { take, until }),
      ]);
      return { isOwn: entered.every(isNew), mayBeLost: settle > 0 };
    },
    async take(call, row, lease) {
      try {
        const { entered } = await enter(call, [stepOf(call, row)(`taken/${lease.take}`, lease)]);
        return entered.every(isNew);
      } catch (error) {
        if (error instanceof RealtimeError && error.code === 'busy') return false;
        throw error;
      }
    },
    async complete(call, row, result, told) {
      const name = row.type as CommandName;
      const { commandId } = call;
      const { epoch, seq } = await enter(call, [
        ...(told ? [{ ...commandFact(name, call, '/told', told.type, told.data), commandId }] : []),
        stepOf(call, row)('completed', { result }),
      ]);
      return { epoch, seq, result };
    },
    async fail(call, row, code, message) {
      await enter(call, [stepOf(call, row)('failed', { code, message: message?.slice(0, 500) })]);
    },
    async outcome<N extends CommandName>(call: Call<N>, { data, seq }: Recorded) {
      const { status, result, message } = data;
      if (status === 'failed') {
        const code = Object.hasOwn(ERRORS, data.code ?? '') ? (data.code as ErrorCode) : 'internal';
        return new RealtimeError(code, message === undefined ? {} : { message });
      }
      const { epoch } = await log.head(call.actor.domainId);
      return { epoch, seq, result: result as unknown as CommandResults[N] };
    },
  };
}

type Entered = Exclude<Published, { status: 'refused' }>;

/** Of a fact that was known the step is another node's; one that changed nothing came too late. */
function isNew({ status, seqs }: Entered): boolean {
  return status === 'new' && seqs.length > 0;
}

/** Whether a command has yet to come to its end. */
export function isUnderWay({ status }: CommandData): boolean {
  return status === 'accepted' || status === 'taken';
}
