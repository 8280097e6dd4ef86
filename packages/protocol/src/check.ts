import type { z } from 'zod';
import { ERRORS, type ErrorCode, RealtimeError } from './error.ts';

/**
 * Checks a value against a schema.
 *
 * @param at path that the field names in the error begin with, such as `data`
 * @throws {@link RealtimeError} `invalid` (or the code that the schema's rule names) with the first field at fault
 * @example const { taskId } = check(COMMANDS['task:claim'], input);
 */
export function check<T>(schema: z.ZodType<T>, value: unknown, at: string[] = []): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = [...at, ...issue.path.map(String)].join('.');
  throw new RealtimeError(codeOf(issue), {
    message: field ? `${field}: ${issue.message}` : issue.message,
    ...(field ? { field } : {}),
  });
}

function codeOf(issue: z.core.$ZodIssue): ErrorCode {
  const code = issue.code === 'custom' ? issue.params?.code : undefined;
  return typeof code === 'string' && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'invalid';
}
