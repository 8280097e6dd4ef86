import type { ErrorDetails, Row } from '@netbuild/realtime-client';
import { useEffect, useState } from 'react';
import { isPending } from './saving.tsx';

/** Refusals that tell of another's work, and are as true when the row tells of it too. */
const LASTING = new Set<ErrorDetails['code']>(['task_taken', 'task_closed', 'approval_closed']);

/**
 * The refusal of what was last asked for at a row, while it is true: most were about the row as it then was, and once
 * that has changed the card itself says what is so.
 *
 * @param dismiss takes it off the screen for good
 */
export function useRefusal(
  row: Row,
  error: ErrorDetails | undefined,
  dismiss: () => void,
): ErrorDetails | undefined {
  const [noted, note] = useState<{ error: ErrorDetails; seq: number }>();
  // What was shown ahead of the answer is taken back with it, and is no change of the row.
  if (error && noted?.error !== error && !isPending(row)) note({ error, seq: row.seq });
  const isPast =
    error !== undefined && noted?.error === error && noted.seq !== row.seq && !LASTING.has(error.code);
  useEffect(() => {
    if (isPast && !isPending(row)) dismiss();
  }, [isPast, row, dismiss]);
  return isPast ? undefined : error;
}
