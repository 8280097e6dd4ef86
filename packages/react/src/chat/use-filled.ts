import { useEffect, useRef } from 'react';
import type { Earlier } from '../use-earlier.ts';
import type { Detail } from './detail.ts';

/** Lines below which a timeline looks as if nothing had been said. */
const FEW = 10;

/** Pages that are loaded for that at most; beyond them it is for the reader to ask. */
const PAGES = 5;

/**
 * Loads what was before where hardly anything is left to be seen: a workflow that goes through hundreds of steps pushes
 * what people have said out of what is kept.
 */
export function useFilled(shown: number, detail: Detail, isLive: boolean, { state, load }: Earlier): void {
  const loaded = useRef({ detail, pages: 0 });
  useEffect(() => {
    if (loaded.current.detail !== detail) loaded.current = { detail, pages: 0 };
    if (!isLive || shown >= FEW || state !== 'idle' || loaded.current.pages >= PAGES) return;
    loaded.current.pages++;
    load();
  });
}
