import { useFormats, useView, useWords } from '@netbuild/realtime-react';
import { useEffect, useState } from 'react';
import { WORDS } from './words.ts';

/** Rows of one kind that are counted: a page holds each, of all definitions in view, so of more it says that they are more. */
const MOST_ROWS = 3_000;

interface CountsProps {
  processDefinitionKey: string;
}

/** How many instances of a definition run, and how many incidents they have, as it changes. */
export function DefinitionCounts({ processDefinitionKey }: CountsProps) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const [isTooMany, setTooMany] = useState(false);
  return isTooMany ? (
    <span className="op-counts">{words.atLeast(number(MOST_ROWS))}</span>
  ) : (
    <Followed processDefinitionKey={processDefinitionKey} onTooMany={() => setTooMany(true)} />
  );
}

function Followed({ processDefinitionKey, onTooMany }: CountsProps & { onTooMany: () => void }) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const room = `definition:${processDefinitionKey}` as const;
  const processes = useView('processes', { room, open: true });
  const activities = useView('activities', { room, open: true });
  const incidents = useView('incidents', { room, open: true });
  const [instances, failed] = [processes.data.length, incidents.data.length];
  const isOver = instances > MOST_ROWS || activities.data.length > MOST_ROWS;
  useEffect(() => {
    if (isOver) onTooMany();
  }, [isOver, onTooMany]);
  if (!processes.isKnown) return <span className="op-counts op-counts--wait">{words.loading}</span>;
  return (
    <span className="op-counts" data-testid="counts" data-instances={instances} data-incidents={failed}>
      <span>{words.instances(instances, number(instances))}</span>
      {failed > 0 ? <span className="op-failed">{words.incidents(failed, number(failed))}</span> : null}
    </span>
  );
}
