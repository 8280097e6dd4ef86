import type { ErrorDetails, Row } from '@netbuild/realtime-client';
import { useState } from 'react';

/** Refusals that tell of another's work, and are as true when the row tells of it too. */
const LASTING = new Set<ErrorDetails['code']>(['task_taken', 'task_closed', 'approval_closed']);

/**
 * The refusal of what was last asked for at a row, while it is true: most were about the row as it then was, and once
 * that has changed the card itself says what is so.
 */
export function useRefusal(
  row: Row,
  error: ErrorDetails | undefined,
): { error: ErrorDetails | undefined; dismiss(): void } {
  const [noted, note] = useState<{ error: ErrorDetails; seq: number; isRead?: true }>();
  if (error && noted?.error !== error) note({ error, seq: row.seq });
  const isShown = error && noted?.error === error && !noted.isRead;
  return {
    error: isShown && (LASTING.has(error.code) || noted.seq === row.seq) ? error : undefined,
    dismiss: () => noted && note({ ...noted, isRead: true }),
  };
}
