import type { ErrorDetails } from '@netbuild/realtime-react';
import { freshToken } from '../session.ts';

/** A form as the gateway shows it: which one, a schema of form-js, and what its fields have to begin with. */
export interface LoadedForm {
  form: { key: string; version: string; kind: 'form-js' | 'generated' };
  schema: { components?: unknown };
  data: Record<string, unknown>;
}

/** Asks for the form of a task; `undefined`: it has none. An error is returned, as it is told. */
export async function loadTaskForm(
  taskId: string,
): Promise<LoadedForm | { error: ErrorDetails } | undefined> {
  try {
    const headers = { authorization: `Bearer ${await freshToken()}` };
    const answer = await fetch(`v1/tasks/${encodeURIComponent(taskId)}/form`, { headers });
    const said = (await answer.json()) as LoadedForm | { error: ErrorDetails };
    return 'error' in said && said.error.code === 'not_found' ? undefined : said;
  } catch {
    return { error: { code: 'disconnected', message: 'There was no answer.', retryable: true } };
  }
}
