import type { DefinitionSummary } from '@netbuild/realtime-protocol';
import { useFormats, useWords } from '@netbuild/realtime-react';
import { useRef } from 'react';
import { DefinitionCounts } from './definition-counts.tsx';
import { useSeen } from './use-seen.ts';
import { WORDS } from './words.ts';

interface DefinitionListProps {
  definitions: readonly DefinitionSummary[];
  hasMore: boolean;
  /** The key of the one that is shown beside it. */
  chosen: string | undefined;
}

/** The definitions that somebody may see, with what goes on in each. */
export function DefinitionList({ definitions, hasMore, chosen }: DefinitionListProps) {
  const words = useWords(WORDS);
  return (
    <nav className="op-list" aria-label={words.definitions}>
      <ul>
        {definitions.map((one) => (
          <DefinitionLink
            key={`${one.engine ?? ''} ${one.processDefinitionKey}`}
            definition={one}
            isChosen={one.processDefinitionKey === chosen}
          />
        ))}
      </ul>
      {hasMore ? <p className="op-quiet">{words.moreDefinitions}</p> : null}
    </nav>
  );
}

function DefinitionLink({ definition, isChosen }: { definition: DefinitionSummary; isChosen: boolean }) {
  const { processDefinitionKey: key, name, version, engine } = definition;
  const words = useWords(WORDS);
  const { number } = useFormats();
  const item = useRef<HTMLLIElement>(null);
  const isSeen = useSeen(item);
  return (
    <li ref={item}>
      <a
        className="op-definition"
        href={`#/operations/${encodeURIComponent(key)}`}
        aria-current={isChosen ? 'page' : undefined}
        data-testid="definition"
        data-key={key}
      >
        <span className="op-name">{name ?? key}</span>
        <span className="op-quiet">
          {words.version(number(version))}
          {engine === undefined ? null : ` ${words.onEngine(engine)}`}
        </span>
        {isSeen ? (
          <DefinitionCounts processDefinitionKey={key} />
        ) : (
          <span className="op-counts op-counts--wait">{words.loading}</span>
        )}
      </a>
    </li>
  );
}
