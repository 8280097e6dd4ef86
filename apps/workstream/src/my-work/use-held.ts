import { type RefObject, useEffect, useState } from 'react';

/** Pixels that a list may be scrolled and still count as being at its begin. */
const NEAR = 4;

/**
 * Whether somebody is at a list: points at something in it, has the focus there, or reads further down. A pointer that
 * merely lies where the list has come to be does not point at it.
 */
export function useHeld(box: RefObject<HTMLElement | null>): boolean {
  const [held, setHeld] = useState(NOT_HELD);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    const set = (part: Partial<typeof NOT_HELD>) =>
      setHeld((before) => {
        const after = { ...before, ...part };
        return JSON.stringify(after) === JSON.stringify(before) ? before : after;
      });
    const point = ({ movementX, movementY, pointerType }: PointerEvent) => {
      if (pointerType !== 'touch' && (movementX !== 0 || movementY !== 0)) set({ pointed: true });
    };
    const leave = () => set({ pointed: false });
    const look = () => {
      const focused = document.activeElement;
      set({ focused: focused !== current && current.contains(focused) });
    };
    const scroll = () => set({ scrolled: current.scrollTop > NEAR });
    scroll();
    current.addEventListener('pointermove', point, { passive: true });
    current.addEventListener('pointerleave', leave);
    current.addEventListener('scroll', scroll, { passive: true });
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', look);
    return () => {
      current.removeEventListener('pointermove', point);
      current.removeEventListener('pointerleave', leave);
      current.removeEventListener('scroll', scroll);
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', look);
    };
  }, [box]);
  // What had the focus may have gone with its task; browsers do not say so.
  useEffect(() => {
    if (!held.focused || box.current?.contains(document.activeElement)) return;
    setHeld((before) => ({ ...before, focused: false }));
  });
  return held.pointed || held.focused || held.scrolled;
}

const NOT_HELD = { pointed: false, focused: false, scrolled: false };
