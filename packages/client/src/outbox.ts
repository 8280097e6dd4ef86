import type { CommandAck, CommandInput, CommandName, CommandResults } from '@netbuild/realtime-protocol';
import type { Link } from './core/connection.ts';
import { type ErrorDetails, failure, RealtimeError } from './core/error.ts';
import { type Point, type Timing, Value } from './core/index.ts';
import { newId } from './new-id.ts';

/** What a command has brought about, and the position from which on it can be seen. */
export interface CommandDone<N extends CommandName = CommandName> {
  commandId: string;
  epoch: string;
  seq: number;
  result: CommandResults[N];
}

/**
 * A command that has no answer yet.
 *
 * @example const waiting = client.outbox.getSnapshot().filter(({ isSent }) => !isSent).length;
 */
export interface OpenCommand {
  commandId: string;
  name: CommandName;
  input: object;
  /** When it was given, in epoch milliseconds. */
  since: number;
  /** Whether it is on its way. Otherwise it waits for a connection, and has had no effect. */
  isSent: boolean;
}

/** How long, and how many, commands wait for a connection. */
export interface OutboxLimits {
  /** Commands without an answer beyond which no other is taken while there is no connection. Default 200. */
  limit: number;
  /** Milliseconds that a command may wait to be sent. Default 300 000, five minutes. */
  expiry: number;
}

interface Held {
  command: OpenCommand;
  /** When it is given up. */
  until: number;
  /** The connection that it was last sent on. */
  turn?: number;
  promise: Promise<CommandDone>;
  settle: (ack: CommandAck | { success: false; error: ErrorDetails }) => void;
  stop: () => void;
}

/** What an outbox needs to send by, and to tell of its commands. */
interface OutboxParts extends OutboxLimits {
  connection: Pick<Link, 'isReady' | 'send' | 'status'>;
  timing: Timing;
  /** Milliseconds from the first sending to the answer, over reconnects. */
  timeout: number;
  /** A command is over: with the place of its effect, or without one where it has none. */
  onAnswer(commandId: string, point?: Point): void;
}

/**
 * Commands without an answer, in the order in which they were given, and sent in it on each connection. Each keeps its
 * id for life, so that sending it again can't do it twice. They are kept in memory alone, and do not outlive a reload.
 */
export function outboxOf({ connection, timing, limit, expiry, timeout, onAnswer }: OutboxParts) {
  const open = new Value<readonly OpenCommand[]>([]);
  const all = new Map<string, Held>();
  let turn = 0;

  const show = (): void => open.set([...all.values()].map(({ command }) => command));

  const giveUp = ({ command, settle }: Held): void =>
    settle({
      success: false,
      error: command.isSent
        ? failure('timeout', 'No answer in time; it is not known whether this took effect.')
        : failure('expired', 'No connection in time; it was not sent.'),
    });

  const wait = (held: Held, milliseconds: number): void => {
    held.stop();
    // No timer is longer.
    const longest = Math.min(milliseconds, 2 ** 31 - 1);
    held.until = timing.now() + longest;
    held.stop = timing.after(longest, () => giveUp(held));
  };

  const hold = (commandId: string, name: CommandName, input: object): Held => {
    let resolve!: (done: CommandDone) => void;
    let reject!: (error: RealtimeError) => void;
    // Node 20, and browsers of its time, have no `Promise.withResolvers`.
    const promise = new Promise<CommandDone>((settle, fail) => {
      resolve = settle;
      reject = fail;
    });
    const command = { commandId, name, input, since: timing.now(), isSent: false };
    const settle: Held['settle'] = (ack) => {
      if (!all.delete(commandId)) return;
      held.stop();
      show();
      if (ack.success) {
        const { epoch, seq, result } = ack;
        const done = { commandId, epoch, seq, result };
        onAnswer(commandId, done);
        resolve(done);
      } else {
        onAnswer(commandId);
        reject(new RealtimeError(ack.error));
      }
    };
    const held: Held = { command, until: 0, promise, settle, stop: () => undefined };
    all.set(commandId, held);
    wait(held, expiry);
    return held;
  };

  /** Sends what was not sent on this connection. */
  const pump = (): void => {
    for (const held of connection.isReady ? [...all.values()] : []) {
      // A machine that has slept may not have been told yet that it is too late.
      if (timing.now() >= held.until) giveUp(held);
      else if (held.turn !== turn) {
        held.turn = turn;
        if (!held.command.isSent) wait(held, timeout);
        held.command = { ...held.command, isSent: true };
        const { name, input } = held.command;
        // Unanswered, or by what can not be read, it stays for the next connection.
        const answer = (ack?: CommandAck) => (ack?.success || ack?.error) && held.settle(ack);
        connection.send(name, input, answer, held.until - timing.now());
      }
    }
    show();
  };

  return {
    open,
    pump,
    /** @param begin is called where this is a command of its own, before it is sent */
    async run<N extends CommandName>(name: N, given: CommandInput<N>, begin: (commandId: string) => void) {
      const status = connection.status.getSnapshot();
      if (status.state === 'refused') throw new RealtimeError(status.error);
      const commandId = given.commandId ?? newId();
      let held = all.get(commandId);
      if (!held) {
        if (!connection.isReady && all.size >= limit)
          throw new RealtimeError(failure('outbox_full', 'Too much waits to be sent.'));
        held = hold(commandId, name, { ...given, commandId });
        begin(commandId);
        pump();
      }
      return held.promise as Promise<CommandDone<N>>;
    },
    /** What was sent may not have arrived. */
    lost(): void {
      turn++;
    },
    /** Fails everything that is under way. */
    fail(error: ErrorDetails): void {
      for (const { settle } of all.values()) settle({ success: false, error });
    },
  };
}
