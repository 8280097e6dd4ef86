import { type KeyboardEvent, useRef } from 'react';
import type { Pane } from './panes.ts';
import { useExecutionWords } from './words.ts';

interface PaneTabsProps {
  tabs: readonly Pane[];
  chosen: Pane;
  counts: Partial<Record<Pane, number>>;
  onChoose: (pane: Pane) => void;
}

/** Chooses what is in sight where there is no room for everything. Arrows, Home and End go along it. */
export function PaneTabs({ tabs, chosen, counts, onChoose }: PaneTabsProps) {
  const words = useExecutionWords();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.indexOf(chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs.at(to % tabs.length)!;
    onChoose(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={words.parts} ref={list} onKeyDown={onKeyDown}>
      {tabs.map((pane) => (
        <button
          key={pane}
          type="button"
          role="tab"
          className="tab"
          id={`tab-${pane}`}
          aria-selected={pane === chosen}
          aria-controls={`pane-${pane}`}
          tabIndex={pane === chosen ? 0 : -1}
          data-testid={`tab-${pane}`}
          onClick={() => onChoose(pane)}
        >
          {words.panes[pane]}
          {counts[pane] ? <span className="count"> {counts[pane]}</span> : null}
        </button>
      ))}
    </div>
  );
}
