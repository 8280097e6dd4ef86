import { onTestFinished } from 'vitest';

/** Pixels that are seen of a timeline. */
export const SEEN = 400;

const heights = new WeakMap<Element, number>();

/** A line's height, by its words and its place: no two neighbours have the same, as in life. */
function heightOf(line: HTMLElement): number {
  if (line.hasAttribute('data-gap')) return Number.parseFloat(line.style.height);
  const height =
    heights.get(line) ?? 30 + ((line.textContent!.length * 7 + Number(line.dataset.seq ?? 1) * 13) % 60);
  heights.set(line, height);
  return height;
}

const timeline = () => document.querySelector<HTMLElement>('[data-testid=timeline]')!;
const box = () => timeline().parentElement!;
const lines = () => timeline().childNodes as unknown as HTMLElement[];
function whole(): number {
  let sum = 0;
  for (const line of lines()) sum += heightOf(line);
  return sum;
}
const rect = (top: number, height: number) => ({ top, height, bottom: top + height }) as DOMRect;

/** Lays a timeline out as a browser would, one line below the other in a box that scrolls, where nothing else does. */
export function layOut(): void {
  let scrolled = 0;
  const layout: PropertyDescriptorMap = {
    getBoundingClientRect: {
      value(this: HTMLElement) {
        if (this === box()) return rect(0, SEEN);
        let from = -scrolled;
        for (const line of lines()) {
          if (line === this) return rect(from, heightOf(line));
          from += heightOf(line);
        }
        return rect(0, 0);
      },
    },
    scrollHeight: { get: whole },
    clientHeight: { get: () => SEEN },
    scrollTop: {
      get: () => scrolled,
      // A browser keeps to what there is, and tells of it with the next frame.
      set(to: number) {
        const next = Math.max(0, Math.min(to, whole() - SEEN));
        if (next === scrolled) return;
        scrolled = next;
        const moved = box();
        requestAnimationFrame(() => moved.dispatchEvent(new Event('scroll')));
      },
    },
  };
  const own = Object.getOwnPropertyDescriptors(HTMLElement.prototype);
  for (const [name, descriptor] of Object.entries(layout))
    Object.defineProperty(HTMLElement.prototype, name, { ...descriptor, configurable: true });
  onTestFinished(() => {
    for (const name of Object.keys(layout)) {
      const before = own[name as keyof typeof own] as PropertyDescriptor | undefined;
      if (before) Object.defineProperty(HTMLElement.prototype, name, before);
      else Reflect.deleteProperty(HTMLElement.prototype, name);
    }
  });
}

/** The lines that are seen, by their words, with where they begin; a gap is `gap`. */
export function seen(): { words: string; top: number }[] {
  return [...lines()]
    .map((line) => ({ line, box: line.getBoundingClientRect() }))
    .filter(({ box: { top, bottom } }) => bottom > 0 && top < SEEN)
    .map(({ line, box: { top } }) => ({
      words: line.hasAttribute('data-gap')
        ? 'gap'
        : (line.querySelector('.nb-message-text')?.textContent ?? ''),
      top,
    }));
}
