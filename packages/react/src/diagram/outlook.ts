import type { Standing } from './standing.ts';

/** The parts of bpmn-js that decide what of a model is in view. */
export interface OutlookParts {
  canvas: { viewbox(to?: Box): { inner: Box; outer: Box } };
  elementRegistry: { get(id: string): Partial<Box> | undefined };
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What of a model is in view. */
export interface Outlook {
  /** Takes in where the process stands. */
  follow(standing: readonly Standing[]): void;
  /** Shows the whole model from now on. */
  whole(): void;
  /** Somebody has moved it: it stays where they have put it. */
  moved(): void;
  /** Whether all of it is in view, or was left so. */
  isWhole(): boolean;
  /** Shows again what is to be seen, as in a frame of another size. */
  show(): void;
}

/** No small model is blown up to more than its own size. */
const LARGEST = 1;

/** Below this, of a model's own size, nobody reads its labels: a part of it says more. */
const SMALLEST = 0.5;

/** The size of that part. */
const LEGIBLE = 0.7;

/** Around the model, so that what is said at its edge is seen. */
const MARGIN = 24;

/**
 * Shows the whole model where it can be read so; where it can not, as on a phone, the part where the process stands,
 * and goes with it, until somebody moves it.
 */
export function createOutlook(
  canvas: OutlookParts['canvas'],
  registry: OutlookParts['elementRegistry'],
  /** Says by `data-fitted` whether a finger moves the page or the model; see `diagram.css`. */
  container: HTMLElement,
): Outlook {
  let how: 'following' | 'whole' | 'moved' = 'following';
  let at: string | undefined;

  function show(): void {
    if (how === 'moved') return;
    const { inner, outer } = canvas.viewbox();
    const fitting = Math.min(
      LARGEST,
      outer.width / (inner.width + 2 * MARGIN),
      outer.height / (inner.height + 2 * MARGIN),
    );
    // A frame that nobody sees has no size, and nothing fits into it.
    if (!(fitting > 0)) return;
    const place =
      how === 'following' && fitting < SMALLEST && at !== undefined ? registry.get(at) : undefined;
    const scale = place ? LEGIBLE : fitting;
    const { x = 0, y = 0, width = 0, height = 0 } = place ?? inner;
    const [wide, high] = [outer.width / scale, outer.height / scale];
    canvas.viewbox({ x: x + (width - wide) / 2, y: y + (height - high) / 2, width: wide, height: high });
    container.dataset.fitted = `${!place}`;
  }

  return {
    show,
    follow(standing) {
      const here = standing.filter(
        (one) =>
          (one.running > 0 || one.incidents.length > 0) && !one.isAround && registry.get(one.elementId),
      );
      // It stays as long as something is there: nothing jumps because something else has begun, too.
      if (here.some(({ elementId }) => elementId === at)) return;
      at = here[0]?.elementId ?? at;
      show();
    },
    whole() {
      how = 'whole';
      show();
    },
    moved() {
      how = 'moved';
      container.dataset.fitted = 'false';
    },
    isWhole: () => container.dataset.fitted === 'true',
  };
}
