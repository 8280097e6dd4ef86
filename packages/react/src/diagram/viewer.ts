import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer.js';
import { createOutlook, type OutlookParts } from './outlook.ts';
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
interface Parts extends OutlookParts {
  canvas: OutlookParts['canvas'] & {
    addMarker(id: string, marker: string): void;
    removeMarker(id: string, marker: string): void;
    scroll(by: { dx: number; dy: number }): void;
    resized(): void;
  };
  overlays: {
    add(id: string, overlay: { position: object; show?: object; html: HTMLElement; scale: object }): string;
  };
  zoomScroll: { stepZoom(by: number): void };
}

/** What modellers paint with, for other eyes and on white: here colours say what stands where. */
const COLOURS = ['bioc:fill', 'bioc:stroke', 'color:background-color', 'color:border-color', 'color:color'];

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
  const outlook = createOutlook(canvas, registry, container);

  const has = (id: string): boolean => registry.get(id) !== undefined;

  const move = (dx: number, dy: number): void => {
    outlook.moved();
    canvas.scroll({ dx, dy });
  };

  const drag = ({ pointerType, isPrimary, movementX, movementY }: PointerEvent): void => {
    if (pointerType === 'touch' && isPrimary && !outlook.isWhole()) move(movementX, movementY);
  };
  container.addEventListener('pointermove', drag);

  outlook.show();
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
      outlook.follow(standing);
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
      if (how === 'fit') return outlook.whole();
      outlook.moved();
      zoomScroll.stepZoom(how === 'in' ? 1 : -1);
    },
    move,
    resized() {
      canvas.resized();
      outlook.show();
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
