import { type ErrorDetails, RealtimeError } from '@netbuild/realtime-client';
import { useCallback } from 'react';
import { useWebSocket } from '../context.ts';

/** A form as the gateway shows it: which one, a schema of form-js, and what its fields have to begin with. */
export interface LoadedForm {
  form: { key: string; version: string; kind: 'form-js' | 'generated' };
  schema: { components?: unknown };
  data: Record<string, unknown>;
}

const NO_ANSWER: ErrorDetails = { code: 'disconnected', message: 'There was no answer.', retryable: true };

/** Asks for the form of a task. `undefined`: it has none. An error is returned, as it is told. */
export function useLoadForm(): (taskId: string) => Promise<LoadedForm | { error: ErrorDetails } | undefined> {
  const { client } = useWebSocket();
  return useCallback(
    async (taskId) => {
      try {
        return await client.get<LoadedForm>(`/v1/tasks/${encodeURIComponent(taskId)}/form`);
      } catch (thrown) {
        if (!(thrown instanceof RealtimeError)) return { error: NO_ANSWER };
        return thrown.code === 'not_found' ? undefined : { error: thrown.details };
      }
    },
    [client],
  );
}
