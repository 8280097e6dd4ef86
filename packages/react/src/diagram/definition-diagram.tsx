import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import { useRoom } from '../use-room.ts';
import { useView } from '../use-view.ts';
import type { DiagramLinks } from './badges.tsx';
import { LiveDiagram } from './live-diagram.tsx';
import { type Standing, standingOf } from './standing.ts';
import { useModel } from './use-model.ts';
import { WORDS } from './words.ts';

/** Which definition is shown. */
export interface DefinitionDiagramProps extends Pick<DiagramLinks, 'onSelect' | 'selected'> {
  processDefinitionKey: string;
  /** The engine that it is in, where that is not the one called `default`. */
  engine?: string | undefined;
}

/**
 * Activities that are followed at once. A room has a row for each, so that a definition with more of them is not held
 * by a page whole: it says so instead.
 */
const MOST_ACTIVITIES = 10_000;

const NOTHING: readonly Standing[] = [];

/**
 * The diagram of a process definition, in its newest version, with what runs in all of its instances: how many tokens
 * are where, and what has failed. For who may enter the room `definition:<key>`: the role `operations`, or whom a
 * token or a policy lets in. Its looks: `diagram.css`.
 *
 * @example <DefinitionDiagram processDefinitionKey="order" onSelect={showInstancesAt} />
 */
export function DefinitionDiagram({ processDefinitionKey, engine, ...links }: DefinitionDiagramProps) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const [standing, setStanding] = useState<readonly Standing[] | 'too-many'>(NOTHING);
  const model = useModel({ room: `definition:${processDefinitionKey}`, engine, isReady: true });
  const isTooMany = standing === 'too-many';
  return (
    <>
      {isTooMany ? (
        <p className="nb-diagram-missing" data-testid="diagram-too-many">
          {words.tooMany(number(MOST_ACTIVITIES))}
        </p>
      ) : (
        <DefinitionStanding processDefinitionKey={processDefinitionKey} onStanding={setStanding} />
      )}
      <LiveDiagram
        model={model}
        name={processDefinitionKey}
        standing={isTooMany ? NOTHING : standing}
        {...links}
      />
    </>
  );
}

/** Follows the room of a definition, as long as there is not too much in it. */
function DefinitionStanding({
  processDefinitionKey,
  onStanding,
}: {
  processDefinitionKey: string;
  onStanding: (standing: readonly Standing[] | 'too-many') => void;
}) {
  const room = `definition:${processDefinitionKey}` as const;
  useRoom(room);
  // Of a burst the last word is counted, and the page answers meanwhile.
  const activities = useDeferredValue(useView('activities', { room, open: true }).data);
  const incidents = useDeferredValue(useView('incidents', { room, open: true }).data);
  const tasks = useDeferredValue(useView('tasks', { room, open: true }).data);
  const standing = useMemo(
    () =>
      activities.length > MOST_ACTIVITIES || tasks.length > MOST_ACTIVITIES
        ? ('too-many' as const)
        : standingOf({ activities, incidents, tasks }),
    [activities, incidents, tasks],
  );
  useEffect(() => onStanding(standing), [onStanding, standing]);
  return null;
}
