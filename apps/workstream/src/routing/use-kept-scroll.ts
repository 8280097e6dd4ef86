import { type RefObject, useEffect, useRef } from 'react';
import { keepScroll, keptScroll } from './entries.ts';

/** Milliseconds for which a page that was come back to may still be growing. */
const PATIENCE = 5000;

/** Keeps how far a part of a page is scrolled, and has it so again when the page is come back to. */
export function useKeptScroll<E extends HTMLElement>(name: string): RefObject<E | null> {
  const box = useRef<E>(null);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    const wanted = keptScroll(name);
    let frame = 0;
    let until = performance.now() + PATIENCE;
    const restore = () => {
      current.scrollTop = wanted;
      // A pixel may be lost to fractions.
      if (current.scrollTop >= wanted - 1 || performance.now() > until) until = 0;
      else frame = requestAnimationFrame(restore);
    };
    if (wanted > 0) restore();
    else until = 0;
    const keep = () => {
      if (until === 0) keepScroll(name, current.scrollTop);
    };
    // Who scrolls by hand knows where they want to be.
    const giveUp = () => {
      until = 0;
      cancelAnimationFrame(frame);
    };
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
