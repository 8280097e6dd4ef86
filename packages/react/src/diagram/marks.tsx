import { createPortal } from 'react-dom';
import { type DiagramLinks, Numbers, People } from './badges.tsx';
import type { Standing } from './standing.ts';
import type { Viewer } from './viewer.ts';

interface MarksProps extends DiagramLinks {
  viewer: Viewer;
  standing: readonly Standing[];
  /** Somebody wants to know what has failed at an element. */
  onTell: (elementId: string) => void;
}

/** What is shown at the elements of a drawing, in the places that it has for it. */
export function Marks({ viewer, standing, onTell, ...links }: MarksProps) {
  return standing.flatMap((one) => {
    const { elementId, running, incidents, people } = one;
    const numbers =
      running > 0 || incidents.length > 0
        ? createPortal(
            <Numbers standing={one} onTell={() => onTell(elementId)} {...links} />,
            viewer.place(elementId, 'numbers'),
            `numbers ${elementId}`,
          )
        : null;
    const folk =
      people.length > 0
        ? createPortal(<People people={people} />, viewer.place(elementId, 'people'), `people ${elementId}`)
        : null;
    return [numbers, folk];
  });
}
