import '@netbuild/realtime-react/diagram.css';
import './operations.css';
import { Button, useWords } from '@netbuild/realtime-react';
import { useEffect } from 'react';
import { useKeptScroll } from '../routing/use-kept-scroll.ts';
import { usePageTitle } from '../shell/use-page-title.ts';
import { DefinitionList } from './definition-list.tsx';
import { DefinitionPage } from './definition-page.tsx';
import { Notice } from './notice.tsx';
import { useDefinitions } from './use-definitions.ts';
import { WORDS } from './words.ts';

/** Which definition is shown; none: the list of all. */
interface OperationsPageProps {
  processDefinitionKey?: string | undefined;
}

/** What goes on in all processes, for who looks after them. */
export function OperationsPage({ processDefinitionKey: asked }: OperationsPageProps) {
  const words = useWords(WORDS);
  const definitions = useDefinitions();
  const found = definitions.state === 'here' ? definitions.definitions : [];
  // Where there is one alone, there is nothing to choose.
  const only = found.length === 1 ? found[0]?.processDefinitionKey : undefined;
  const processDefinitionKey = asked ?? only;
  const chosen = found.find((one) => one.processDefinitionKey === processDefinitionKey);
  const heading = usePageTitle(chosen?.name ?? processDefinitionKey ?? words.title);
  // The list stays, and so does this page; what it is about is another thing, and where there is less room the list goes.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [processDefinitionKey]);
  const box = useKeptScroll<HTMLDivElement>(`operations ${processDefinitionKey ?? ''}`);
  return (
    <div
      ref={box}
      className="operations"
      data-testid="operations"
      data-state={definitions.state}
      data-chosen={processDefinitionKey !== undefined}
    >
      <header className="op-head">
        {processDefinitionKey === undefined || processDefinitionKey === only ? null : (
          <a className="op-back" href="#/operations">
            ← {words.back}
          </a>
        )}
        <h1 ref={heading} tabIndex={-1} className="page-title">
          {chosen?.name ?? processDefinitionKey ?? words.title}
        </h1>
      </header>
      {definitions.state === 'loading' ? (
        <div className="op-list op-list--wait" role="status">
          <span className="nb-hidden">{words.loading}</span>
        </div>
      ) : definitions.state === 'missing' ? (
        <Notice name="operations-missing" title={words[definitions.why]}>
          <p>{definitions.why === 'noEngine' ? words.noEngineHint : words.unreachableHint}</p>
          <Button onPress={definitions.again}>{words.again}</Button>
        </Notice>
      ) : found.length === 0 && processDefinitionKey === undefined ? (
        <Notice name="operations-empty" title={words.none}>
          <p>{words.noneHint}</p>
        </Notice>
      ) : (
        <DefinitionList
          definitions={found}
          hasMore={definitions.more === true}
          chosen={processDefinitionKey}
        />
      )}
      {processDefinitionKey !== undefined ? (
        <DefinitionPage
          key={processDefinitionKey}
          processDefinitionKey={processDefinitionKey}
          definition={chosen}
        />
      ) : found.length > 0 ? (
        <p className="op-quiet op-choose">{words.choose}</p>
      ) : null}
    </div>
  );
}
