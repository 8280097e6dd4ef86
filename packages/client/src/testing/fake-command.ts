import type { CommandAck, CommandName, CommandResults } from '@netbuild/realtime-protocol';
import type { ErrorDetails } from '../core/error.ts';

/** A command that a fake client was given, and that waits for its answer. */
export interface FakeCommand {
  readonly name: CommandName;
  readonly commandId: string;
  /** As it was given, with its id. */
  readonly input: Readonly<Record<string, unknown>>;
  /** It is done. Its effect is not: that comes by an event, which names `commandId`. @param result default: the ids of the input */
  answer(result?: CommandResults[CommandName]): void;
  /** It is refused: by a code, or with all that a server says. */
  refuse(error: ErrorDetails['code'] | ErrorDetails): void;
}

/** Makes commands, that are answered once: whoever sends one again, as after a break, has its answer. */
export class FakeCommands {
  readonly #open = new Map<string, { command: FakeCommand; reply: (ack: CommandAck) => void }>();
  readonly #answered = new Map<string, CommandAck>();
  readonly #place: () => { epoch: string; seq: number };

  constructor(place: () => { epoch: string; seq: number }) {
    this.#place = place;
  }

  /** Those without an answer, oldest first. */
  all(): FakeCommand[] {
    return [...this.#open.values()].map(({ command }) => command);
  }

  take(
    name: string,
    input: { commandId: string },
    reply: (ack: CommandAck) => void,
    isNew: (command: FakeCommand) => void,
  ): void {
    const { commandId } = input;
    const answered = this.#answered.get(commandId);
    const open = this.#open.get(commandId);
    if (answered) reply(answered);
    else if (open) open.reply = reply;
    else {
      const command: FakeCommand = {
        name: name as CommandName,
        commandId,
        input: { ...input },
        answer: (result = input as never) =>
          this.#settle(commandId, { success: true, commandId, ...this.#place(), result }),
        refuse: (error) =>
          this.#settle(commandId, {
            success: false,
            commandId,
            error: (typeof error === 'string'
              ? { code: error, message: error, retryable: false }
              : error) as never,
          }),
      };
      this.#open.set(commandId, { command, reply });
      isNew(command);
    }
  }

  #settle(commandId: string, ack: CommandAck): void {
    const open = this.#open.get(commandId);
    if (!open) return;
    this.#open.delete(commandId);
    this.#answered.set(commandId, ack);
    open.reply(ack);
  }
}
