import { useFormats } from '@netbuild/realtime-react';
import { type Filter, PARTS, type Part, SORTS, type Sort } from './filter.ts';
import { useMyWorkWords } from './words.ts';

interface TaskToolbarProps {
  filter: Filter;
  counts: Record<Part, number>;
  overdue: number;
  onChange: (change: Partial<Filter>) => void;
}

/** Which tasks are shown, and in which order. */
export function TaskToolbar({ filter, counts, overdue, onChange }: TaskToolbarProps) {
  const words = useMyWorkWords();
  const { number } = useFormats();
  const all = PARTS.reduce((sum, part) => sum + counts[part], 0);
  return (
    <section className="toolbar" aria-label={words.filter}>
      <div className="field-box toolbar-search">
        <svg className="field-icon" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Zm4 9.5 4 4" />
        </svg>
        <input
          type="search"
          className="input"
          aria-label={words.search}
          placeholder={words.search}
          value={filter.search}
          maxLength={200}
          spellCheck={false}
          data-testid="task-search"
          onChange={({ target }) => onChange({ search: target.value })}
        />
      </div>
      <fieldset className="segments toolbar-parts">
        <legend className="nb-hidden">{words.show}</legend>
        <Segment
          name="all"
          label={words.all}
          count={all}
          isChosen={filter.part === undefined}
          onChoose={() => onChange({ part: undefined as never })}
        />
        {PARTS.map((part) => (
          <Segment
            key={part}
            name={part}
            label={words.parts[part]}
            count={counts[part]}
            isChosen={filter.part === part}
            onChoose={() => onChange({ part })}
          />
        ))}
      </fieldset>
      <div className="toolbar-more">
        <select
          className="input input--small"
          aria-label={words.sort}
          value={filter.sort}
          data-testid="task-sort"
          onChange={({ target }) => onChange({ sort: target.value as Sort })}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {words.sorts[sort]}
            </option>
          ))}
        </select>
        {/* Where nothing is overdue, there is nothing to choose; its place is kept. */}
        <button
          type="button"
          className="toggle"
          aria-pressed={filter.overdueOnly}
          disabled={overdue === 0 && !filter.overdueOnly}
          data-testid="task-overdue"
          onClick={() => onChange({ overdueOnly: !filter.overdueOnly })}
        >
          {words.overdue(number(overdue))}
        </button>
      </div>
    </section>
  );
}

interface SegmentProps {
  name: string;
  label: string;
  count: number;
  isChosen: boolean;
  onChoose: () => void;
}

function Segment({ name, label, count, isChosen, onChoose }: SegmentProps) {
  const { number } = useFormats();
  return (
    <label className="segment">
      <input
        type="radio"
        name="part"
        value={name}
        checked={isChosen}
        data-testid={`show-${name}`}
        onChange={onChoose}
      />
      <span>
        {label} <span className="count">{number(count)}</span>
      </span>
    </label>
  );
}
