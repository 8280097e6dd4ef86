import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer.js';
import type { Standing } from './standing.ts';

/** A diagram that is drawn. */
export interface Viewer {
  /** Whether the model has this element, and draws it. */
  has(elementId: string): boolean;
  /** Marks each element by what stands there; those that are left out are plain again. */
  mark(standing: readonly Standing[]): void;
  /** Where something is shown at an element, for as long as the diagram is. */
  place(elementId: string, corner: Corner): HTMLElement;
  /** Makes it larger or smaller by a step, or fits it into its frame. */
  zoom(how: 'in' | 'out' | 'fit'): void;
  /** Moves it by so many pixels. */
  move(dx: number, dy: number): void;
  /** Its frame has another size. */
  resized(): void;
  close(): void;
}

/** Where at an element: its numbers above, its people below. */
export type Corner = 'numbers' | 'people';

/** The parts of bpmn-js that are used here. */
interface Parts {
  canvas: {
    addMarker(id: string, marker: string): void;
    removeMarker(id: string, marker: string): void;
    scroll(by: { dx: number; dy: number }): void;
    viewbox(to?: Box): { inner: Box; outer: Box };
    resized(): void;
  };
  overlays: {
    add(id: string, overlay: { position: object; show?: object; html: HTMLElement; scale: object }): string;
  };
  elementRegistry: { get(id: string): object | undefined };
  zoomScroll: { stepZoom(by: number): void };
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** No small model is blown up to more than its own size. */
const LARGEST_FIT = 1;

/** What modellers paint with, for other eyes and on white: here colours say what stands where. */
const COLOURS = ['bioc:fill', 'bioc:stroke', 'color:background-color', 'color:border-color', 'color:color'];

/** Around the model, so that what is said at its edge is seen. */
const MARGIN = 24;

/** What is said at an element stays legible when the diagram is small. */
const SCALE = { min: 0.75, max: 1.25 };

/** On the element's edge, whose label it leaves free; a name has no room beside what is drawn very small. */
const PLACES = {
  numbers: { position: { top: 0, right: 8 } },
  people: { position: { bottom: 0, left: -8 }, show: { minZoom: 0.5 } },
};

/**
 * Draws a model. This file, and bpmn-js with it, is loaded when a diagram is shown.
 *
 * @throws where the text is no BPMN, or has no diagram in it
 */
export async function openViewer(container: HTMLElement, xml: string): Promise<Viewer> {
  const viewer = new NavigatedViewer({
    container,
    // Colours are the page's own, so they follow it from light to dark.
    bpmnRenderer: {
      defaultFillColor: 'var(--nb-diagram-fill)',
      defaultStrokeColor: 'var(--nb-diagram-line)',
      defaultLabelColor: 'var(--nb-diagram-label)',
    },
    // A wheel that turns over it moves the page, as everywhere else.
    zoomScroll: { enabled: false },
    // It has keys of its own, at its frame.
    keyboard: { bind: false },
  });
  viewer.on('import.parse.complete', ({ definitions }) => {
    for (const { plane } of definitions?.diagrams ?? [])
      for (const shape of plane?.planeElement ?? []) for (const name of COLOURS) shape.set(name, undefined);
  });
  try {
    await viewer.importXML(xml);
  } catch (error) {
    viewer.destroy();
    throw error;
  }
  const part = <N extends keyof Parts>(name: N) => viewer.get(name) as Parts[N];
  const [canvas, overlays] = [part('canvas'), part('overlays')];
  const [registry, zoomScroll] = [part('elementRegistry'), part('zoomScroll')];
  const svg = container.querySelector('.djs-container > svg');
  // What there is to read stands in the list beside it; what there is to reach, in its badges.
  svg?.setAttribute('aria-hidden', 'true');
  svg?.setAttribute('tabindex', '-1');

  const marked = new Map<string, readonly string[]>();
  const places = new Map<string, HTMLElement>();
  let isFitted = true;

  /** Once it is larger than its frame, a finger moves it and not the page; see `diagram.css`. */
  function setFitted(next: boolean): void {
    isFitted = next;
    container.dataset.fitted = `${next}`;
  }

  function fit(): void {
    const { inner, outer } = canvas.viewbox();
    const scale = Math.min(
      LARGEST_FIT,
      outer.width / (inner.width + 2 * MARGIN),
      outer.height / (inner.height + 2 * MARGIN),
    );
    const [width, height] = [outer.width / scale, outer.height / scale];
    const [x, y] = [inner.x + (inner.width - width) / 2, inner.y + (inner.height - height) / 2];
    // A frame that nobody sees has no size, and nothing fits into it.
    if (scale > 0) canvas.viewbox({ x, y, width, height });
  }

  const has = (id: string): boolean => registry.get(id) !== undefined;

  const drag = ({ pointerType, isPrimary, movementX, movementY }: PointerEvent): void => {
    if (pointerType === 'touch' && isPrimary && !isFitted) canvas.scroll({ dx: movementX, dy: movementY });
  };
  container.addEventListener('pointermove', drag);

  setFitted(true);
  fit();
  return {
    has,
    mark(standing) {
      const wanted = new Map(standing.filter(({ elementId }) => has(elementId)).map(markersOf));
      for (const id of new Set([...marked.keys(), ...wanted.keys()])) {
        const [before, after] = [marked.get(id) ?? [], wanted.get(id) ?? []];
        for (const one of before) if (!after.includes(one)) canvas.removeMarker(id, one);
        for (const one of after) if (!before.includes(one)) canvas.addMarker(id, one);
        marked.set(id, after);
      }
    },
    place(elementId, corner) {
      const name = `${corner} ${elementId}`;
      const known = places.get(name);
      if (known) return known;
      const html = document.createElement('div');
      html.className = `nb-diagram-at nb-diagram-at--${corner}`;
      places.set(name, html);
      overlays.add(elementId, { ...PLACES[corner], html, scale: SCALE });
      return html;
    },
    zoom(how) {
      setFitted(how === 'fit');
      if (how === 'fit') fit();
      else zoomScroll.stepZoom(how === 'in' ? 1 : -1);
    },
    move(dx, dy) {
      setFitted(false);
      canvas.scroll({ dx, dy });
    },
    resized() {
      canvas.resized();
      if (isFitted) fit();
    },
    close() {
      container.removeEventListener('pointermove', drag);
      viewer.destroy();
    },
  };
}

/** What an element is marked with. What fails outweighs what runs, and what runs what has been. */
function markersOf({ elementId, running, isAround, incidents, done, cancelled }: Standing) {
  const now = running > 0 ? 'nb-diagram-running' : isAround ? 'nb-diagram-around' : undefined;
  const past = done > 0 ? 'nb-diagram-done' : cancelled > 0 ? 'nb-diagram-cancelled' : undefined;
  const state = incidents.length > 0 ? 'nb-diagram-failed' : (now ?? past);
  return [elementId, state === undefined ? [] : [state]] as const;
}
