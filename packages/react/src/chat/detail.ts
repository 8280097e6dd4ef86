import { useCallback, useEffect, useState } from 'react';

/** How much of the workflow stands between the messages. */
export type Detail = 'chat' | 'workflow' | 'steps';

/** The levels, from least to most. */
export const DETAILS: readonly Detail[] = ['chat', 'workflow', 'steps'];

/** The chosen level, remembered for this user in this browser. */
export function useDetail(userId: string | undefined): [Detail, (detail: Detail) => void] {
  const [detail, setDetail] = useState<Detail>('workflow');
  const key = `netbuild-realtime/detail/${userId ?? ''}`;
  useEffect(() => {
    const kept = read(key);
    if (kept) setDetail(kept);
  }, [key]);
  const choose = useCallback(
    (chosen: Detail) => {
      setDetail(chosen);
      write(key, chosen);
    },
    [key],
  );
  return [detail, choose];
}

function read(key: string): Detail | undefined {
  try {
    const kept = localStorage.getItem(key);
    return DETAILS.find((detail) => detail === kept);
  } catch {
    // Storage can be forbidden; the level is then not remembered, which is all.
    return undefined;
  }
}

function write(key: string, detail: Detail): void {
  try {
    localStorage.setItem(key, detail);
  } catch {
    // As above.
  }
}
