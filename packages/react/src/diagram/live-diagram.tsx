import { useId, useState } from 'react';
import { useWords } from '../locale/locale.tsx';
import type { DiagramLinks } from './badges.tsx';
import { Canvas } from './canvas.tsx';
import type { Standing } from './standing.ts';
import { StandingList } from './standing-list.tsx';
import type { Model } from './use-model.ts';
import type { Viewer } from './viewer.ts';
import { WORDS } from './words.ts';

interface LiveDiagramProps extends DiagramLinks {
  model: Model;
  /** What it is called where the model has no name, or is not here. */
  name: string | undefined;
  standing: readonly Standing[];
}

/** Why there is no diagram, by the code of the refusal. */
const MISSING: Record<string, 'refused' | 'noEngine' | 'noModel'> = {
  forbidden: 'refused',
  no_engine: 'noEngine',
  not_found: 'noModel',
};

/** A model with what stands where; where it can not be drawn, the same in words. */
export function LiveDiagram({ model, name, standing, ...links }: LiveDiagramProps) {
  const words = useWords(WORDS);
  const listId = useId();
  const [isList, setList] = useState(false);
  const [drawn, setDrawn] = useState<{ xml: string; has: Viewer['has'] | 'nothing' }>();
  const found = model.state === 'here' ? model.model : undefined;
  const outcome = found && drawn?.xml === found.xml ? drawn.has : undefined;
  const isDrawable = found !== undefined && outcome !== 'nothing';
  const elsewhere =
    typeof outcome === 'function' ? standing.filter((one) => one.running > 0 && !outcome(one.elementId)) : [];
  const title = found?.name ?? name ?? found?.processDefinitionKey ?? words.process;
  return (
    <div className="nb-diagram" data-testid="diagram" data-state={isDrawable ? 'drawn' : model.state}>
      {isDrawable ? (
        <div className="nb-diagram-stage" data-list={isList}>
          <Canvas
            key={found.processDefinitionId}
            xml={found.xml}
            name={title}
            standing={standing}
            detailedBy={listId}
            onDrawn={(has) => setDrawn({ xml: found.xml, has })}
            {...links}
          />
        </div>
      ) : model.state === 'loading' ? (
        <div className="nb-diagram-stage">
          <p className="nb-diagram-wait" role="status">
            {words.loading}
          </p>
        </div>
      ) : (
        <p className="nb-diagram-missing" data-testid="diagram-missing">
          {outcome === 'nothing' ? words.noDiagram : words[missing()]}{' '}
          {model.state === 'missing' && missing() === 'unavailable' ? (
            <button type="button" className="nb-diagram-again" onClick={model.again}>
              {words.again}
            </button>
          ) : null}
        </p>
      )}
      {elsewhere.length > 0 ? (
        <p className="nb-diagram-missing" data-testid="diagram-elsewhere">
          {words.elsewhere} {elsewhere.map((one) => one.name).join(', ')}
        </p>
      ) : null}
      {isDrawable ? (
        <button
          type="button"
          className="nb-diagram-as-list"
          aria-pressed={isList}
          aria-controls={listId}
          onClick={() => setList(!isList)}
        >
          {words.asList}
        </button>
      ) : null}
      <StandingList id={listId} standing={standing} isHidden={isDrawable && !isList} />
    </div>
  );

  function missing() {
    return (model.state === 'missing' && MISSING[model.code]) || ('unavailable' as const);
  }
}
