import { type RefObject, useEffect, useRef } from 'react';
import { keptLook } from '../routing/entries.ts';
import { setPageTitle } from './page-title.ts';

/** Frames for which what had the focus may still be to come. */
const PATIENCE = 30;

/**
 * Names the page in the window's title, and gives its heading the focus when the page appears; where it is come back
 * to, what had the focus when it was left.
 */
export function usePageTitle(title: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => setPageTitle(title), [title]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const wanted = keptLook()?.focus;
    let left = wanted === undefined ? 0 : PATIENCE;
    let frame = 0;
    const find = () => {
      const isFree = document.activeElement === heading.current || document.activeElement === document.body;
      const found = isFree ? document.querySelector<HTMLElement>(`main ${wanted}`) : null;
      if (found) found.focus({ preventScroll: true });
      else if (isFree && left-- > 0) frame = requestAnimationFrame(find);
    };
    if (left > 0) find();
    return () => cancelAnimationFrame(frame);
  }, []);
  return heading;
}
