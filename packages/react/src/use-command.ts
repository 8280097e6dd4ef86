import {
  type CommandDone,
  type CommandOptions,
  type ErrorDetails,
  type Readable,
  RealtimeError,
} from '@netbuild/realtime-client';
import type { CommandInput, CommandName } from '@netbuild/realtime-protocol';
import { useCallback, useMemo } from 'react';
import { useWebSocket } from './context.ts';
import { atOnce } from './pace.ts';
import { useReadable } from './use-readable.ts';

/** A command with a state that a button can show. */
export interface CommandState<N extends CommandName> extends Last {
  /** What the last one has brought about; nothing while one runs, or where it was refused. */
  data: CommandDone<N> | undefined;
  /** Gives the command. `undefined` is the answer to a refusal, which then stands in `error`; it never rejects. */
  run: (input: CommandInput<N>, options?: CommandOptions) => Promise<CommandDone<N> | undefined>;
  /** Takes an answer off the screen. */
  reset: () => void;
}

/** How commands of one button, or about one thing, stand. */
interface Last {
  data: CommandDone | undefined;
  /** How far the last one has come. Without a connection it is `running` until there is one: `client.outbox` has it. */
  status: 'idle' | 'running' | 'done' | 'refused';
  /** Why the last one was refused, or given up. */
  error: ErrorDetails | undefined;
  /** How many have no answer yet. */
  pending: number;
}

/**
 * A command for a button.
 *
 * @param about what it is about, where its effect may move the button to another place, as a claim moves a task from
 * one list to another: the state is then the client's, and not the component's, and a refusal is still there when the
 * task has come back.
 * @example
 * const claim = useCommand('task:claim', taskId);
 * <button disabled={claim.pending > 0} onClick={() => claim.run({ taskId })}>Claim</button>
 */
export function useCommand<N extends CommandName>(name: N, about?: string): CommandState<N> {
  const { client } = useWebSocket();
  const cell = useMemo(
    () => (about === undefined ? new Cell() : cellOf(client, `${name} ${about}`)),
    [client, name, about],
  );
  const run = useCallback(
    async (input: CommandInput<N>, options?: CommandOptions) => {
      const settle = cell.begin();
      const end = (how: Parameters<typeof settle>[0]) => atOnce(() => settle(how));
      try {
        const done = await atOnce(() => client.command(name, input, options));
        end({ status: 'done', data: done });
        return done;
      } catch (thrown) {
        if (!(thrown instanceof RealtimeError)) {
          end({ status: 'idle' });
          throw thrown;
        }
        end({ status: 'refused', error: thrown.details });
        return undefined;
      }
    },
    [client, name, cell],
  );
  const last = useReadable(cell, IDLE) as Last & { data: CommandDone<N> | undefined };
  return { run, reset: cell.reset, ...last };
}

const IDLE: Last = { data: undefined, status: 'idle', error: undefined, pending: 0 };

/** The state of the commands of one button. */
class Cell implements Readable<Last> {
  #last = IDLE;
  #turn = 0;
  #listeners = new Set<() => void>();

  getSnapshot = (): Last => this.#last;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** @returns what takes in the answer; of an earlier one that is answered later it says no more than that it is. */
  begin(): (end: Pick<Last, 'status'> & Partial<Last>) => void {
    const turn = ++this.#turn;
    this.#set({ ...IDLE, status: 'running', pending: this.#last.pending + 1 });
    return (end) => {
      const pending = this.#last.pending - 1;
      this.#set(turn === this.#turn ? { ...IDLE, ...end, pending } : { ...this.#last, pending });
    };
  }

  reset = (): void => {
    this.#turn++;
    this.#set({ ...IDLE, pending: this.#last.pending });
  };

  #set(last: Last): void {
    this.#last = last;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What commands are about of which the state is kept, for each client. */
const MOST = 500;

const cells = new WeakMap<object, Map<string, Cell>>();

function cellOf(client: object, key: string): Cell {
  const all = cells.get(client) ?? new Map<string, Cell>();
  cells.set(client, all);
  const cell = all.get(key) ?? new Cell();
  // The last that was asked for stands last; the first are forgotten.
  all.delete(key);
  all.set(key, cell);
  if (all.size > MOST) all.delete(all.keys().next().value!);
  return cell;
}
