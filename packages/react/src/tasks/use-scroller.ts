import { type RefObject, useState } from 'react';
import { useBeforePaint } from '../use-before-paint.ts';

/** What a list scrolls in, and how far below its beginning the list begins. */
export interface Scroller {
  element: Element | Window;
  /** Pixels. */
  margin: number;
}

/**
 * What an element scrolls in: the nearest of those around it that scroll, else the page. Which one that is, and what
 * stands above the list in it, may change with the width of the page.
 */
export function useScroller(list: RefObject<HTMLElement | null>, isNeeded: boolean): Scroller | undefined {
  const [scroller, setScroller] = useState<Scroller>();
  useBeforePaint(() => {
    if (!isNeeded) return;
    const look = () => {
      const next = scrollerOf(list.current!);
      setScroller((before) =>
        before?.element === next.element && before.margin === next.margin ? before : next,
      );
    };
    look();
    const watch = new ResizeObserver(look);
    for (let element = list.current?.parentElement; element; element = element.parentElement)
      watch.observe(element);
    addEventListener('resize', look);
    return () => {
      watch.disconnect();
      removeEventListener('resize', look);
    };
  }, [list, isNeeded]);
  return scroller;
}

function scrollerOf(list: HTMLElement): Scroller {
  const { top } = list.getBoundingClientRect();
  for (
    let element = list.parentElement;
    element && element !== document.body;
    element = element.parentElement
  )
    if (/auto|scroll/.test(getComputedStyle(element).overflowY))
      return {
        element,
        margin: Math.round(top - element.getBoundingClientRect().top + element.scrollTop - element.clientTop),
      };
  return { element: window, margin: Math.round(top + window.scrollY) };
}
