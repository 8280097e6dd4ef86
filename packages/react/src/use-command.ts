import { type CommandDone, type ErrorDetails, RealtimeError } from '@netbuild/realtime-client';
import type { CommandInput, CommandName } from '@netbuild/realtime-protocol';
import { useCallback, useState } from 'react';
import { useWebSocket } from './context.ts';

/** A command with a state that a button can show. */
export interface CommandState<N extends CommandName> {
  /** Gives the command. `undefined` is the answer to a refusal, which then stands in `error`; it never rejects. */
  run: (input: CommandInput<N>) => Promise<CommandDone<N> | undefined>;
  status: 'idle' | 'running' | 'done' | 'refused';
  error: ErrorDetails | undefined;
}

/**
 * A command for a button.
 *
 * @example
 * const claim = useCommand('task:claim');
 * <button disabled={claim.status === 'running'} onClick={() => claim.run({ taskId })}>Claim</button>
 */
export function useCommand<N extends CommandName>(name: N): CommandState<N> {
  const { client } = useWebSocket();
  const [state, setState] = useState<Omit<CommandState<N>, 'run'>>({ status: 'idle', error: undefined });
  const run = useCallback(
    async (input: CommandInput<N>) => {
      setState({ status: 'running', error: undefined });
      try {
        const done = await client.command(name, input);
        setState({ status: 'done', error: undefined });
        return done;
      } catch (thrown) {
        if (!(thrown instanceof RealtimeError)) throw thrown;
        setState({ status: 'refused', error: thrown.details });
        return undefined;
      }
    },
    [client, name],
  );
  return { run, ...state };
}
