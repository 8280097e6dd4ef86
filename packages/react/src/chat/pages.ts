import type { StoryEvent } from './story.ts';

/** Lines that stand or go together. */
export interface Page {
  /** The id of its first event. */
  key: string;
  /** How many lines stand before it. */
  start: number;
  events: readonly StoryEvent[];
}

/** Lines of a page. Fewer would mean more bookkeeping while scrolling, more a longer wait until a page is there. */
const SIZE = 50;

/**
 * Cuts a story into pages. What was a page's beginning stays one, so that lines which come in front or behind move none
 * from one page to another.
 */
export function pagesOf(story: readonly StoryEvent[], before: readonly Page[]): readonly Page[] {
  const begins = new Set(before.map(({ key }) => key));
  const pages: { key: string; start: number; events: StoryEvent[] }[] = [];
  let events: StoryEvent[] | undefined;
  story.forEach((event, start) => {
    if (!events || events.length >= SIZE || begins.has(event.id)) {
      events = [];
      pages.push({ key: event.id, start, events });
    }
    events.push(event);
  });
  return pages;
}
