import { type EngineCommand, type Fact, factKey } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapCommand } from '../src/index.ts';

const ids = fc.constantFrom('1', '2', '3');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const texts = fc.oneof(fc.string(), fc.constant(null), fc.constant(''));
const where = {
  processInstanceId: maybe(ids),
  rootProcessInstanceId: maybe(ids),
  tenantId: maybe(fc.constantFrom('a', 'b')),
};

/** What an engine says, in any order: known kinds with known and unknown words. */
const known = fc.oneof(
  fc.record({
    kind: fc.constant('task'),
    event: fc.constantFrom('create', 'update', 'complete', 'delete', 'migrate', 'novelty'),
    id: ids,
    name: texts,
    assignee: texts,
    deleteReason: fc.constantFrom('completed', 'deleted', null),
    candidateUsers: maybe(fc.array(ids)),
    ...where,
  }),
  fc.record({
    kind: fc.constant('process'),
    event: fc.constantFrom('start', 'update', 'migrate', 'end', 'novelty'),
    id: ids,
    state: fc.constantFrom('ACTIVE', 'SUSPENDED', 'COMPLETED', 'EXTERNALLY_TERMINATED', 'NOVELTY'),
    businessKey: texts,
    ...where,
  }),
  fc.record({
    kind: fc.constant('activity'),
    event: fc.constantFrom('start', 'update', 'end', 'migrate', 'novelty'),
    id: ids,
    activityId: fc.constant('a'),
    taskId: maybe(ids),
    ...where,
  }),
  fc.record({
    kind: fc.constant('incident'),
    event: fc.constantFrom('create', 'resolve', 'delete', 'migrate', 'update'),
    id: ids,
    incidentType: fc.constantFrom('failedJob', 'failedExternalTask', 'constructor', null),
    configuration: texts,
    ...where,
  }),
  fc.record({
    kind: fc.constant('identityLink'),
    event: fc.constantFrom('add', 'delete'),
    taskId: maybe(ids),
    userId: texts,
    groupId: texts,
    type: fc.constantFrom('candidate', 'assignee'),
  }),
  fc.record({
    kind: fc.constant('variable'),
    event: fc.constantFrom('create', 'update', 'delete', 'migrate'),
    id: ids,
    name: fc.constantFrom('a', 'b', '__proto__', 'constructor'),
    value: maybe(
      fc.oneof(
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
    ),
    omitted: maybe(fc.constant(true)),
    taskId: maybe(ids),
    activityInstanceId: maybe(ids),
    ...where,
  }),
);
const unknown = fc.oneof(
  fc.jsonValue(),
  fc.record({ kind: fc.string(), event: fc.string(), id: fc.string() }),
  fc.record({ kind: fc.constantFrom('task', 'process', 'variable'), event: fc.integer() }),
);
const isKnown = (event: unknown) => mapCommand('default', command('c', [event])).unknown.length === 0;

const command = (id: string, events: unknown[]): EngineCommand => ({
  id,
  committedAt: 1_767_268_800_000.5,
  userId: 'alice',
  events,
});

/** The events, cut into commands at these places. */
function cut(events: unknown[], places: number[]): EngineCommand[] {
  const ends = [...new Set([...places.map((place) => place % (events.length + 1)), events.length])].sort(
    (a, b) => a - b,
  );
  return ends.map((end, n) => command(`c${n}`, events.slice(ends[n - 1] ?? 0, end)));
}

const facts = (commands: EngineCommand[]): Fact[] =>
  commands.flatMap((one) => mapCommand('default', one).facts.map(({ fact }) => fact));

test('however the events are cut into commands, and whatever stands between them, nothing throws, and nothing is lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(known, unknown), { maxLength: 40 }),
      fc.array(fc.nat()),
      (events, places) => {
        const commands = cut(events, places);
        const aside = commands.flatMap((one) => mapCommand('default', one).unknown);
        expect(aside).toEqual(events.filter((event) => !isKnown(event)));
        expect(facts(commands)).toEqual(
          facts(commands.map((one) => ({ ...one, events: one.events.filter(isKnown) }))),
        );
        // As they go over the wire, and into the log.
        for (const fact of facts(commands)) expect(JSON.parse(JSON.stringify(fact))).toEqual(fact);
      },
    ),
  );
});

/** What begins, and what ends, does so once; and nobody tells of it another time. */
const ONCE: Record<string, string> = {
  create: 'begin',
  start: 'begin',
  complete: 'end',
  delete: 'end',
  end: 'end',
  resolve: 'end',
};

function consistent(events: { kind: string; event: string; id?: string }[]) {
  const seen = new Set<string>();
  return events.filter(({ kind, event, id }) => {
    const what = kind === 'variable' || kind === 'identityLink' ? undefined : ONCE[event];
    const name = `${kind}/${id}/${what}`;
    if (what === undefined) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

test('commands that come again, in any order, never come to a fact with another content', () => {
  fc.assert(
    fc.property(
      fc.array(known, { maxLength: 30 }),
      fc.array(fc.nat()),
      fc.array(fc.nat(), { maxLength: 10 }),
      (events, places, again) => {
        const commands = cut(consistent(events), places);
        const contents = new Map<string, string>();
        for (const one of [...commands, ...again.map((n) => commands[n % commands.length]!)]) {
          const own = mapCommand('default', one).facts;
          expect(new Set(own.map(({ fact }) => fact.id)).size).toBe(own.length);
          for (const { fact } of own) {
            const content = JSON.stringify(fact);
            expect(contents.get(factKey(fact)) ?? content).toBe(content);
            contents.set(factKey(fact), content);
          }
        }
      },
    ),
  );
});

test('what repeats has the command in its id, so that two commands never meet in one fact', () => {
  const once =
    /^(task\/\d\/(created|ended)|(process|activity)\/\d\/(started|ended)|incident\/\d\/(created|ended))$/;
  fc.assert(
    fc.property(fc.array(known, { maxLength: 30 }), fc.array(fc.nat()), (events, places) => {
      for (const one of cut(events, places))
        for (const { id } of facts([one])) expect(once.test(id) || id.endsWith(`/${one.id}`), id).toBe(true);
    }),
  );
});
