import { type RefObject, useEffect, useRef } from 'react';
import { keepScroll, keptScroll } from './entries.ts';

/** Frames for which a page that was come back to may still be growing. */
const PATIENCE = 30;

/** Keeps how far a part of a page is scrolled, and has it so again when the page is come back to. */
export function useKeptScroll<E extends HTMLElement>(name: string): RefObject<E | null> {
  const box = useRef<E>(null);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    const wanted = keptScroll(name);
    let frame = 0;
    let left = PATIENCE;
    const restore = () => {
      current.scrollTop = wanted;
      if (current.scrollTop < wanted && left-- > 0) frame = requestAnimationFrame(restore);
    };
    if (wanted > 0) restore();
    const keep = () => keepScroll(name, current.scrollTop);
    // Who scrolls by hand knows where they want to be.
    const giveUp = () => cancelAnimationFrame(frame);
    current.addEventListener('scroll', keep, { passive: true });
    current.addEventListener('wheel', giveUp, { passive: true });
    current.addEventListener('touchstart', giveUp, { passive: true });
    return () => {
      giveUp();
      current.removeEventListener('scroll', keep);
      current.removeEventListener('wheel', giveUp);
      current.removeEventListener('touchstart', giveUp);
    };
  }, [name]);
  return box;
}
