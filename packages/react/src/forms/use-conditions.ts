import { useEffect, useState } from 'react';
import type { Part } from './read-fields.ts';

type Holds = (condition: string, data: Record<string, unknown>) => boolean;

/**
 * Which parts are shown, by what is filled in. The language of the conditions is loaded where a form has some; until
 * then what has one is not shown.
 */
export function useConditions(
  parts: readonly Part[],
): (part: Part, data: Record<string, unknown>) => boolean {
  const [holds, setHolds] = useState<Holds>();
  const isNeeded = parts.some((part) => hideOf(part).length > 0);
  useEffect(() => {
    if (!isNeeded) return;
    let isHere = true;
    import('@bpmn-io/feelin').then(({ unaryTest }) => {
      if (isHere)
        setHolds(
          () => (condition: string, data: Record<string, unknown>) =>
            tried(() => unaryTest(condition, data).value),
        );
    });
    return () => {
      isHere = false;
    };
  }, [isNeeded]);
  return (part, data) => hideOf(part).every((condition) => holds !== undefined && !holds(condition, data));
}

function hideOf(part: Part): readonly string[] {
  return part.kind === 'field' ? part.field.hide : part.hide;
}

/** A condition that is none hides nothing. */
function tried(ask: () => unknown): boolean {
  try {
    return ask() === true;
  } catch {
    return false;
  }
}
