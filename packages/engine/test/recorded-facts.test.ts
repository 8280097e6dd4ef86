import { CATALOGUE, check, factKey } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { mapCommand } from '../src/index.ts';
import { factsOf, recording, recordings } from './support/recordings.ts';

describe.each(recordings)('the recording $name', ({ commands }) => {
  test('is understood whole, and comes to facts of the catalogue', () => {
    for (const one of commands) {
      const { facts, unknown } = mapCommand('default', one);
      expect(unknown).toEqual([]);
      for (const { fact } of facts) check(CATALOGUE.get(fact.type)!.fact, fact.data, [fact.type]);
    }
  });

  test('comes to the same facts a second time, each with a key of its own', () => {
    const once = commands.flatMap(factsOf);
    expect(commands.flatMap(factsOf)).toEqual(once);
    expect(new Set(once.map(factKey)).size).toBe(once.length);
  });

  test('names who did it and when it was committed', () => {
    for (const one of commands) {
      for (const fact of factsOf(one)) {
        expect(fact.committedAt).toBe(one.committedAt);
        expect(fact.time).toBe(new Date(one.committedAt).toISOString());
        if (!fact.type.startsWith('activity:'))
          expect((fact.data as { by?: string }).by).toBe(one.userId ?? undefined);
      }
    }
  });

  test('tells the facts of a command in the order in which the engine did it', () => {
    for (const one of commands) {
      const places = factsOf(one).map(({ type, data }) => {
        const { taskId, activityInstanceId, incidentId, processInstanceId } = data as Record<string, string>;
        const begins = /created|started|:error$/.test(type);
        // Of several variables the first has the place.
        if (type === 'process:updated') return -2;
        const id = type.startsWith('task:')
          ? taskId
          : (activityInstanceId ?? incidentId ?? processInstanceId);
        return (one.events as { id?: string; taskId?: string; event: string }[]).findIndex(
          (event) =>
            (event.id === id || (type === 'task:updated' && event.taskId === id)) &&
            (!begins || ['create', 'start'].includes(event.event)) &&
            (!/completed|cancelled/.test(type) || ['complete', 'end'].includes(event.event)),
        );
      });
      expect(places).not.toContain(-1);
      const known = places.filter((place) => place >= 0);
      expect(known).toEqual(known.toSorted((a, b) => a - b));
    }
  });
});

test("transitions that happen once are named by the engine's ids, and those that repeat by the command too", () => {
  const { commands } = recording('suspend-activate');
  const shapes = commands.flatMap((one) =>
    factsOf(one).map(({ id }) =>
      id.replace(one.id, '<command>').replace(/[\w-]*:?[0-9a-f]{8}-[\w-]{27}/, '<id>'),
    ),
  );
  expect([...new Set(shapes)]).toEqual([
    'process/<id>/started',
    'activity/<id>/started',
    'activity/<id>/ended',
    'task/<id>/created',
    'process/<id>/suspended/<command>',
    'process/<id>/linked/<command>',
    'process/<id>/resumed/<command>',
    'task/<id>/ended',
    'process/<id>/ended',
  ]);
});

test('a task is created with its candidates, once, whatever the engine says of it in the same command', () => {
  const groups: Record<string, string> = {
    'review-requirements': 'developers',
    'repair-code': 'developers',
    'approve-release': 'leads',
    check: 'developers',
    look: 'developers',
    remember: 'leads',
    escalate: 'leads',
  };
  const created = recordings
    .filter(({ historyLevel }) => historyLevel === 'full')
    .flatMap(({ commands }) => commands.flatMap(factsOf))
    .filter(({ type }) => type === 'task:created')
    .map(({ data }) => data as { taskDefinitionKey?: string; candidates?: object })
    .filter(({ taskDefinitionKey = '' }) => taskDefinitionKey in groups);
  expect(created.length).toBeGreaterThan(20);
  for (const { taskDefinitionKey, candidates } of created) {
    const addGroups = [groups[taskDefinitionKey!]];
    expect(candidates).toEqual({ addUsers: [], addGroups, removeUsers: [], removeGroups: [] });
  }
});

test('an activity knows the task, or the instance, that it has made', () => {
  const started = recording('called-instances')
    .commands.flatMap(factsOf)
    .filter(({ type }) => type === 'activity:started')
    .map(({ data }) => data as Record<string, string>);
  const calls = started.filter(({ activityId }) => activityId === 'check-it');
  expect(calls.map(({ calledProcessInstanceId }) => typeof calledProcessInstanceId)).toEqual([
    'string',
    'string',
  ]);
  const tasks = started.filter(({ activityId }) => activityId === 'check');
  expect(tasks.map(({ taskId }) => typeof taskId)).toEqual(['string', 'string']);
});

test('called instances, and all that is in them, name their root', () => {
  const all = recording('called-instances')
    .commands.flatMap(factsOf)
    .map(({ data }) => data as Record<string, string>);
  const root = all[0]!.processInstanceId;
  expect(all.map(({ rootProcessInstanceId }) => rootProcessInstanceId)).toEqual(all.map(() => root));
  expect(new Set(all.map(({ processInstanceId }) => processInstanceId)).size).toBe(3);
});

test("an incident carries the engine's message and the activity that failed", () => {
  const incident = recording('failed-job')
    .commands.flatMap(factsOf)
    .find(({ type }) => type === 'process:error');
  expect(incident?.data).toMatchObject({
    incidentType: 'failedJob',
    activityId: 'deploy-service',
    message: expect.stringContaining('quota exceeded'),
  });
});

test('of completions at the same moment each one counts once, and those that were rolled back not at all', () => {
  const all = recording('optimistic-locking').commands.flatMap(factsOf);
  const tasks = (type: string) =>
    all.filter((fact) => fact.type === type).map(({ data }) => (data as { taskId: string }).taskId);
  expect(tasks('task:completed').sort()).toEqual(tasks('task:created').sort());
  expect(all.at(-1)!.type).toBe('process:completed');
});
