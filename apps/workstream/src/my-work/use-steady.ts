import type { Row } from '@netbuild/realtime-react';
import { useCallback, useState } from 'react';
import type { Item } from './filter.ts';
import { type Steady, steady } from './steady.ts';

interface SteadyInput {
  next: readonly Item[];
  isHeld: boolean;
  me: string;
  newest: (subject: string) => Row<'task'> | undefined;
  /** When it changes, the list is another one, and begins anew. */
  of: string;
}

/** A list that does not move under whoever is at it, and the way to have it move. */
export function useSteady({ next, isHeld, me, newest, of }: SteadyInput): Steady & { showNew: () => void } {
  const [known, setKnown] = useState<{ of: string; steady: Steady }>({ of, steady: NOTHING });
  const before = known.of === of ? known.steady : NOTHING;
  const now = steady({ before, next, isHeld, me, newest });
  // What is shown follows from what was shown and what is: React renders again at once, before anybody sees it.
  if (now !== known.steady || known.of !== of) setKnown({ of, steady: now });
  const showNew = useCallback(() => setKnown({ of, steady: { items: next, waiting: 0 } }), [of, next]);
  return { ...now, showNew };
}

const NOTHING: Steady = { items: [], waiting: 0 };
