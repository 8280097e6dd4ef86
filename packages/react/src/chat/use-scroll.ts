import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useReducer,
  useRef,
  useState,
} from 'react';
import { useBeforePaint } from '../use-before-paint.ts';
import type { Page } from './pages.ts';
import { isOnItsWay } from './story.ts';

/** Distance from the end, in pixels, within which a reader counts as being at the end. */
const NEAR = 80;

/** Heights of the box, above and below it, within which lines stand: a turn of the wheel must not outrun them. */
const MARGIN = 2;

/** Pages at the end that always stand, so that what comes is there at once. */
const LAST = 2;

/** Pixels of a line that has never been seen. */
const LINE = 44;

/** The way of a reader through a story. */
export interface Scroll {
  box: RefObject<HTMLDivElement | null>;
  list: RefObject<HTMLOListElement | null>;
  onScroll(): void;
  onKeyDown(event: KeyboardEvent<HTMLElement>): void;
  /** Whether the lines of a page stand; otherwise a gap of this many pixels does. */
  gapOf(page: Page): number | undefined;
  /** The place in the log that the reader has left the end at; nothing while they are there. */
  leftAt: number | undefined;
  /** Follows the end from now on. */
  follow(): void;
  /** Goes to the end, with the keyboard. */
  toEnd(): void;
}

/**
 * Follows the end while the reader is there. Who reads further up stays there, whatever comes in front, behind, or in
 * the place of a gap.
 *
 * @param isCut whether pages that are far from the reader are gaps
 * @param change what makes lines higher than they were
 */
export function useScroll(pages: readonly Page[], isCut: boolean, change: readonly unknown[]): Scroll {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  const top = useRef(0);
  const [leftAt, setLeftAt] = useState<number>();
  const [drawn, redraw] = useReducer((count: number) => count + 1, 0);
  /** By their keys, the pages that the reader is near to, and how high those are that were seen. */
  const near = useRef<ReadonlySet<string>>(new Set());
  const heights = useRef(new Map<string, number>());
  /** What the reader looks at, the page that it is in, how far below the top of the box they begin, and where that was. */
  const anchor = useRef<{ line: Element; at: number; key: string; pageAt: number; scrollTop: number }>(
    undefined,
  );
  const latest = useRef({ pages, isCut });
  latest.current = { pages, isCut };

  const gapOf = (page: Page): number | undefined => {
    if (!isCut || near.current.has(page.key) || pages.indexOf(page) >= pages.length - LAST) return undefined;
    return heights.current.get(page.key) ?? page.events.length * LINE;
  };

  /** Looks where the reader is. */
  const look = useCallback(() => {
    const [frame, lines] = [box.current, list.current?.children];
    if (!frame || !lines) return;
    const edge = frame.getBoundingClientRect();
    const margin = MARGIN * edge.height;
    const kept = [document.activeElement, document.getSelection()?.anchorNode ?? null];
    const found = new Set<string>();
    anchor.current = undefined;
    let at = 0;
    const { pages: all, isCut: isSo } = latest.current;
    for (const [i, { key, events }] of all.entries()) {
      const isGap = lines[at]?.hasAttribute('data-gap');
      const first = lines[at];
      const next = lines[at + (isGap ? 1 : events.length)];
      const last = lines[at + (isGap ? 0 : events.length - 1)];
      if (!first || !last) break;
      const from = first.getBoundingClientRect().top - edge.top;
      const to = (next ?? last).getBoundingClientRect()[next ? 'top' : 'bottom'] - edge.top;
      if (!isGap && next) heights.current.set(key, to - from);
      const holds = (node: Node | null) =>
        node !== null && !isGap && isIn(node, list.current!, lines, at, events.length);
      // What stands stays a while longer than it would come: at the edge it would come and go.
      const reach = near.current.has(key) ? 1.5 * margin : margin;
      if ((to > -reach && from < edge.height + reach) || (isSo && kept.some(holds))) found.add(key);
      if (!anchor.current && (to > 0 || i === all.length - 1)) {
        const line = isGap ? first : (firstBelow(lines, at, events.length, edge.top) ?? first);
        const below = line.getBoundingClientRect().top - edge.top;
        anchor.current = { line, at: below, key, pageAt: from, scrollTop: frame.scrollTop };
      }
      at += isGap ? 1 : events.length;
    }
    // Pages go as lines are forgotten at the beginning.
    if (heights.current.size > 2 * all.length + 20)
      for (const key of heights.current.keys())
        if (!all.some((page) => page.key === key)) heights.current.delete(key);
    const isOther = found.size !== near.current.size || [...found].some((key) => !near.current.has(key));
    near.current = found;
    if (isOther && isSo) redraw();
  }, []);

  const onScroll = useCallback(() => {
    const { scrollHeight, scrollTop, clientHeight } = box.current!;
    // Lines that came meanwhile lengthen the way to the end; only who goes up leaves it.
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR;
    isAtEnd.current = isNear || (isAtEnd.current && scrollTop >= top.current);
    top.current = scrollTop;
    setLeftAt((before) => (isAtEnd.current ? undefined : (before ?? lastOf(latest.current.pages))));
    look();
  }, [look]);

  // Once a frame and before it is painted: to ask for the height at each change would lay the page out at each change.
  // Runs when there are other lines. To watch the size of the list would cost each line a frame.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const { current } = box;
      if (!isAtEnd.current || !current) return;
      current.scrollTop = current.scrollHeight;
      top.current = current.scrollTop;
    });
    return () => cancelAnimationFrame(frame);
  }, [pages, drawn, ...change]);

  // A composer that grows, or the keyboard of a phone, takes from the box; of the list nobody is told.
  useEffect(() => {
    const frame = box.current;
    if (!frame || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => {
      if (!isAtEnd.current) return;
      frame.scrollTop = frame.scrollHeight;
      top.current = frame.scrollTop;
    });
    observer.observe(frame);
    return () => observer.disconnect();
  }, []);

  // What comes in front, or is another height than its gap, must not move what somebody reads.
  useBeforePaint(() => {
    const [frame, seen] = [box.current, anchor.current];
    if (isAtEnd.current || !frame || !seen) return;
    const now = seen.line.isConnected ? seen.line : firstOf(seen.key, pages, list.current!.children);
    if (!now) return;
    const was = now === seen.line ? seen.at : seen.pageAt;
    // They may have scrolled since, and not have been told of it yet.
    const wanted = was - (frame.scrollTop - seen.scrollTop);
    const moved = now.getBoundingClientRect().top - frame.getBoundingClientRect().top - wanted;
    if (Math.abs(moved) >= 1) {
      frame.scrollTop += moved;
      top.current = frame.scrollTop;
    }
    look();
  });

  const follow = useCallback(() => {
    isAtEnd.current = true;
    setLeftAt(undefined);
    redraw();
  }, []);
  const toEnd = useCallback(() => {
    follow();
    box.current!.scrollTop = box.current!.scrollHeight;
    box.current!.focus({ preventScroll: true });
  }, [follow]);

  // A browser goes there in small steps towards where it was when they pressed, and each gap on the way moves that.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { key, target, currentTarget } = event;
    const page = 0.9 * currentTarget.clientHeight;
    const steps: Record<string, number> = {
      Home: -currentTarget.scrollHeight,
      PageUp: -page,
      PageDown: page,
    };
    if (target !== currentTarget || !isCut || !(key === 'End' || key in steps)) return;
    event.preventDefault();
    if (key === 'End') toEnd();
    else currentTarget.scrollTop += steps[key]!;
  };

  return { box, list, onScroll, onKeyDown, gapOf, leftAt, follow, toEnd };
}

/** Where the log stands, as far as it is shown. */
function lastOf(pages: readonly Page[]): number {
  return pages.at(-1)?.events.findLast((event) => !isOnItsWay(event))?.seq ?? 0;
}

/** The first of some lines that reaches below an edge. */
function firstBelow(lines: HTMLCollection, from: number, count: number, edge: number): Element | undefined {
  let [low, high] = [from, from + count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.getBoundingClientRect().bottom > edge) high = middle;
    else low = middle + 1;
  }
  return low < from + count ? lines[low] : undefined;
}

/** What stands first of a page: its first line, or its gap. */
function firstOf(key: string, pages: readonly Page[], lines: HTMLCollection): Element | undefined {
  let at = 0;
  for (const page of pages) {
    if (page.key === key) return lines[at];
    at += lines[at]?.hasAttribute('data-gap') ? 1 : page.events.length;
  }
  return undefined;
}

/** Whether something is in one of some lines. */
function isIn(node: Node, list: Element, lines: HTMLCollection, from: number, count: number): boolean {
  if (!list.contains(node)) return false;
  for (let at = from; at < from + count; at++) if (lines[at]?.contains(node)) return true;
  return false;
}
