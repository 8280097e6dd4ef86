import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  observeWindowOffset,
  observeWindowRect,
  type PartialKeys,
  useVirtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/react-virtual';
import type { CSSProperties, RefObject } from 'react';
import { useScroller } from './use-scroller.ts';

/** Items up to which a list is drawn whole: a browser finds and prints what is drawn. */
const WHOLE = 60;

/** Pixels of a card that was not drawn yet. */
const CARD = 116;

/** The part of a list that is drawn. */
export interface ListWindow {
  /** Which items, and where each stands; of a list that is drawn whole they stand by themselves. */
  items: readonly { index: number; style: CSSProperties | undefined }[];
  /** Of the list. */
  style: CSSProperties | undefined;
  /** Measures an item: its element's `data-index` says which one it is. */
  measure: ((element: HTMLElement | null) => void) | undefined;
  /** Brings an item into view. */
  show(index: number): void;
}

type Options = PartialKeys<
  VirtualizerOptions<Element | Window, HTMLElement>,
  'observeElementRect' | 'observeElementOffset' | 'scrollToFn'
>;

/**
 * Of a long list only what is in view is drawn, and a little around it, and the item that has the focus.
 *
 * @param keyOf an item's own name, under which its height is remembered
 */
export function useWindow(
  list: RefObject<HTMLElement | null>,
  count: number,
  keyOf: (index: number) => string,
  focused: number,
): ListWindow {
  const isLong = count > WHOLE;
  const scroller = useScroller(list, isLong);
  const isPage = scroller?.element === window;
  const options: Options = {
    count: isLong ? count : 0,
    enabled: scroller !== undefined,
    getScrollElement: () => scroller?.element ?? null,
    estimateSize: () => CARD,
    // A list becomes a long one where somebody reads: by itself it would go to its top.
    initialOffset: () => offsetOf(scroller?.element),
    getItemKey: keyOf,
    overscan: 4,
    scrollMargin: scroller?.margin ?? 0,
    rangeExtractor: (range) =>
      [...new Set([focused, ...defaultRangeExtractor(range)])].filter((i) => i < count),
    ...((isPage
      ? {
          observeElementRect: observeWindowRect,
          observeElementOffset: observeWindowOffset,
          scrollToFn: windowScroll,
        }
      : {
          observeElementRect,
          observeElementOffset,
          scrollToFn: elementScroll,
        }) as object),
  };
  const virtual = useVirtualizer(options as never) as ReturnType<typeof useVirtualizer<Element, HTMLElement>>;
  if (!isLong)
    return {
      items: Array.from({ length: count }, (_, index) => ({ index, style: undefined })),
      style: undefined,
      measure: undefined,
      show: () => {},
    };
  const { scrollMargin } = virtual.options;
  return {
    items: virtual
      .getVirtualItems()
      .toSorted((one, other) => one.index - other.index)
      .map(({ index, start }) => ({
        index,
        style: {
          position: 'absolute',
          insetInline: 0,
          top: 0,
          transform: `translateY(${start - scrollMargin}px)`,
        },
      })),
    style: { position: 'relative', height: virtual.getTotalSize() },
    measure: virtual.measureElement,
    show: (index) => virtual.scrollToIndex(index),
  };
}

function offsetOf(element: Element | Window | undefined): number {
  if (element === undefined) return 0;
  return element instanceof Element ? element.scrollTop : element.scrollY;
}
