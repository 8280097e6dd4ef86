import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useWords } from '../locale/locale.tsx';
import type { DiagramLinks } from './badges.tsx';
import { Failures } from './failures.tsx';
import { Marks } from './marks.tsx';
import type { Standing } from './standing.ts';
import type { Viewer } from './viewer.ts';
import { WORDS } from './words.ts';

interface CanvasProps extends DiagramLinks {
  xml: string;
  name: string;
  standing: readonly Standing[];
  /** The id of the list that says the same in words. */
  detailedBy: string;
  /** Tells whether the model could be drawn, and then which elements it has. */
  onDrawn: (has: Viewer['has'] | 'nothing') => void;
}

/** Pixels by which an arrow key moves a diagram. */
const STEP = 60;

const MOVES: Record<string, [dx: number, dy: number]> = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

const ZOOMS: Record<string, 'in' | 'out' | 'fit'> = { '+': 'in', '=': 'in', '-': 'out', '0': 'fit' };

/** A model as it is drawn, with what stands where. It is drawn once; what happens only moves marks. */
export function Canvas({ xml, name, standing, detailedBy, onDrawn, ...links }: CanvasProps) {
  const words = useWords(WORDS);
  const frame = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer>();
  const [told, setTold] = useState<string>();
  const drawn = useRef(onDrawn);
  drawn.current = onDrawn;

  useEffect(() => {
    const container = frame.current!;
    let isOver = false;
    let opened: Viewer | undefined;
    import('./viewer.ts')
      .then(({ openViewer }) => openViewer(container, xml))
      .then(
        (one) => {
          opened = one;
          if (isOver) return one.close();
          setViewer(one);
          drawn.current(one.has);
        },
        () => {
          if (!isOver) drawn.current('nothing');
        },
      );
    return () => {
      isOver = true;
      opened?.close();
      setViewer(undefined);
    };
  }, [xml]);

  useEffect(() => {
    if (!viewer) return;
    const watch = new ResizeObserver(() => viewer.resized());
    watch.observe(frame.current!);
    return () => watch.disconnect();
  }, [viewer]);

  useEffect(() => viewer?.mark(standing), [viewer, standing]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') setTold(undefined);
    if (!viewer || event.ctrlKey || event.metaKey || event.altKey) return;
    const [move, zoom] = [MOVES[event.key], ZOOMS[event.key]];
    if (!move && !zoom) return;
    event.preventDefault();
    if (move) viewer.move(...move);
    if (zoom) viewer.zoom(zoom);
  }

  const shown = viewer ? standing.filter(({ elementId }) => viewer.has(elementId)) : [];
  const failed = shown.find(({ elementId, incidents }) => elementId === told && incidents.length > 0);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: no element of HTML is a group of this kind. */}
      <div
        ref={frame}
        className="nb-diagram-frame"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be moved about has to be reached by the keyboard.
        tabIndex={0}
        aria-label={`${words.diagram(name)}. ${words.keys}`}
        aria-details={detailedBy}
        data-drawn={viewer !== undefined}
        onKeyDown={onKeyDown}
      >
        {viewer ? <Marks viewer={viewer} standing={shown} onTell={setTold} {...links} /> : null}
      </div>
      {viewer ? null : (
        <p className="nb-diagram-wait" role="status">
          {words.loading}
        </p>
      )}
      {failed ? <Failures standing={failed} onClose={() => setTold(undefined)} /> : null}
      <div className="nb-diagram-tools">
        {(['in', 'out', 'fit'] as const).map((how) => (
          <button
            key={how}
            type="button"
            aria-label={{ in: words.zoomIn, out: words.zoomOut, fit: words.fit }[how]}
            title={{ in: words.zoomIn, out: words.zoomOut, fit: words.fit }[how]}
            disabled={!viewer}
            onClick={() => viewer?.zoom(how)}
          >
            <span aria-hidden="true">{{ in: '+', out: '−', fit: '⤢' }[how]}</span>
          </button>
        ))}
      </div>
    </>
  );
}
