import type { Fact } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { factsOf, type Recording, recordings } from './support/recordings.ts';

/** What the recording is of, without its level: `happy-path`, `operaton/happy-path`. */
const scenarioOf = ({ name }: Recording) => name.replace(/(audit|activity|none)\//, '');

/** Each recording below full, with that of the same scenario at full. */
const pairs = recordings
  .filter(({ historyLevel }) => historyLevel !== 'full')
  .map((below) => ({
    below,
    full: recordings.find(({ name }) => name === scenarioOf(below))!,
    name: below.name,
    level: below.historyLevel,
  }));

/**
 * A fact without ids and times, which no two runs share, without candidates that came or went later, and without
 * variables if the level has none.
 */
function shape({ type, data }: Fact, level: Recording['historyLevel']): string {
  const { taskDefinitionKey, activityId, assignee, by, canceled, candidates, variables } = data as Record<
    string,
    unknown
  >;
  const said = { taskDefinitionKey, activityId, assignee, by, canceled };
  return JSON.stringify([
    type,
    said,
    type === 'task:created' ? candidates : undefined,
    level === 'audit' ? variables : undefined,
  ]);
}

const allOf = ({ commands }: Recording): Fact[] => commands.flatMap(factsOf);
const says = (field: string, { data }: Fact) => field in (data as object);

test('there are recordings below full', () => {
  expect(new Set(pairs.map(({ level }) => level))).toEqual(new Set(['audit', 'activity', 'none']));
  expect(pairs.every(({ full }) => full.historyLevel === 'full')).toBe(true);
});

describe.each(pairs)('$name', ({ below, full, level }) => {
  test('tells what full tells, but for later candidates; below audit for variables; and at none for all but incidents', () => {
    const isTold = (fact: Fact) =>
      level === 'none'
        ? fact.type.startsWith('process:error')
        : level === 'audit' ||
          !says('variables', fact) ||
          (fact.type === 'task:updated' && says('taskName', fact));
    const shapes = (facts: Fact[]) => facts.map((fact) => shape(fact, level)).sort();
    expect(shapes(allOf(below))).toEqual(shapes(allOf(full).filter(isTold)));
    for (const fact of allOf(below)) {
      if (fact.type === 'task:updated') expect(says('candidates', fact)).toBe(false);
      if (level !== 'audit') expect(says('variables', fact)).toBe(false);
    }
  });
});

/** Which of several completions at once are rolled back, and come again, is chance. */
const isChance = ({ name }: Recording) => name.endsWith('optimistic-locking');

const forks = recordings.filter((one) => !one.engine.startsWith('camunda') && !isChance(one));

test('a fork of the engine tells what Camunda tells', () => {
  expect(forks.length).toBeGreaterThan(20);
  for (const fork of forks) {
    const same = recordings.find(({ name }) => fork.name.endsWith(`/${name}`))!;
    const shapes = (one: Recording) => allOf(one).map((fact) => shape(fact, 'audit'));
    expect(shapes(fork), fork.name).toEqual(shapes(same));
  }
});
