import { readFileSync } from 'node:fs';
import type { Action, Happening, State } from '../../src/core/machine.ts';

/** A cell as the specification has it. */
export interface SpecifiedCell {
  state: State;
  happening: Happening;
  /** `undefined`: nothing changes. */
  cell: [State, ...Action[]] | undefined;
}

const SPEC = readFileSync(new URL('../../SPEC.md', import.meta.url), 'utf8');

/** The rows of the table under a heading, the heading's own row first. */
function tableUnder(heading: string): string[][] {
  const section = SPEC.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ -]+\|/.test(line.replaceAll(' | ', '')))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((text) => text.trim().replaceAll('`', '')),
    );
}

const firstColumn = (heading: string): string[] =>
  tableUnder(heading)
    .slice(1)
    .map(([name]) => name!);

/** The states, events and actions that the specification explains. */
export const STATES = firstColumn('States') as State[];
export const HAPPENINGS = firstColumn('Events') as Happening[];
export const ACTIONS = firstColumn('What is done') as Action[];

/** Every cell of the specification's table. */
export const CELLS: SpecifiedCell[] = (() => {
  const [[, ...states], ...rows] = tableUnder('The table') as [string[], ...string[][]];
  return rows.flatMap(([happening, ...cells]) =>
    cells.map((text, at) => ({
      state: states[at] as State,
      happening: happening as Happening,
      cell: text === '–' ? undefined : (text.split(/[:,] ?/) as [State, ...Action[]]),
    })),
  );
})();
