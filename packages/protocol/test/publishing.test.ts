import { describe, expect, test } from 'vitest';
import {
  CATALOGUE,
  check,
  cloudEvent,
  engineBatch,
  engineCommand,
  historyEvent,
  isCustomType,
  type RealtimeError,
  SUBJECTS,
} from '../src/index.ts';

function fieldAtFault(schema: Parameters<typeof check>[0], value: unknown) {
  try {
    check(schema, value);
  } catch (error) {
    return (error as RealtimeError).field;
  }
  throw new Error('It was taken for good.');
}

describe('a CloudEvent', () => {
  const event = {
    specversion: '1.0',
    id: '1',
    source: '/billing',
    type: 'x:invoice.sent',
    data: { amount: 1 },
  };

  test('is taken with its rooms, and without what it does not need', () => {
    const rooms = { executionid: 'e', processinstanceid: 'p', definitionkey: 'd', userid: 'u', groupid: 'g' };
    expect(check(cloudEvent, { ...event, ...rooms, traceparent: '00-1' })).toEqual({ ...event, ...rooms });
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/cloudevents+json',
    'Application/JSON',
  ])('may say that its data is %s', (datacontenttype) => {
    expect(check(cloudEvent, { ...event, datacontenttype })).toMatchObject({ datacontenttype });
  });

  test.each([
    ['specversion', '0.3'],
    ['id', ''],
    ['id', 1],
    ['source', ''],
    ['type', 't'.repeat(256)],
    ['time', 'yesterday'],
    ['time', '2026-01-01'],
    ['datacontenttype', 'text/xml'],
    ['datacontenttype', 'application/jsonp'],
    ['domain', ''],
    ['userid', ''],
  ])('is refused for the %s %j, which is named', (field, value) => {
    expect(fieldAtFault(cloudEvent, { ...event, [field]: value })).toBe(field);
  });
});

test.each(['x:a', 'x:invoice.sent', 'x:a:b_c-d', `x:${'a'.repeat(101)}`])('%s is a custom type', (name) => {
  expect(isCustomType(name)).toBe(true);
});

test.each(['x:', 'X:a', 'task:created', 'x:.a', 'x: a', 'x:a\n', 'x:ä', `x:${'a'.repeat(102)}`])(
  '%j is none',
  (name) => {
    expect(isCustomType(name)).toBe(false);
  },
);

describe('a batch of the relay', () => {
  const command = { id: 'c1', committedAt: 1_767_268_800_000.5, events: [] };

  test('may be empty, to ask for the epoch', () => {
    expect(check(engineBatch, { engine: 'default', commands: [] }).commands).toEqual([]);
  });

  test('does not fall for one event that is unknown', () => {
    const events = [{ kind: 'variable' }, 'text', null];
    expect(check(engineCommand, { ...command, events }).events).toEqual(events);
  });

  test.each([
    [{ id: '' }, 'id'],
    [{ committedAt: 0 }, 'committedAt'],
    [{ committedAt: '2026-01-01T12:00:00Z' }, 'committedAt'],
    [{ committedAt: 1e300 }, 'committedAt'],
    [{ events: {} }, 'events'],
  ])('does not fall for a command with %j, which is refused by itself', (wrong, field) => {
    const broken = { ...command, ...wrong };
    const batch = { engine: 'default', commands: [broken, command, null] };
    expect(check(engineBatch, batch)).toEqual(batch);
    expect(fieldAtFault(engineCommand, broken)).toBe(field);
  });

  test('has no more commands than a relay would send', () => {
    const commands = Array.from({ length: 10_001 }, () => command);
    expect(fieldAtFault(engineBatch, { engine: 'default', commands })).toBe('commands');
  });

  test('may leave out, or call null, whatever the engine did not say', () => {
    expect(historyEvent.safeParse({ kind: 'task', event: 'create', id: 't1' }).success).toBe(true);
    expect(
      historyEvent.safeParse({ kind: 'task', event: 'create', id: 't1', name: null, priority: null }).success,
    ).toBe(true);
  });
});

describe('the catalogue', () => {
  test('has each type once, with a sentence and a subject of its own', () => {
    for (const [type, entry] of CATALOGUE) {
      expect(entry.type).toBe(type);
      expect(entry.doc).toMatch(/^[A-Z].*\.$/);
      expect(SUBJECTS[entry.subject.kind]).toBe(entry.subject);
      expect(isCustomType(type)).toBe(false);
    }
  });

  test('lets nobody outside report what the gateway itself does', () => {
    const closed = [...CATALOGUE.values()].filter(({ publishable }) => !publishable).map(({ type }) => type);
    expect(closed).toEqual([
      'activity:updated',
      'process:error-updated',
      'message:read',
      'optimization:accepted',
      'optimization:dismissed',
      'agent:updated',
      'agent:stopping',
      'agent:retrying',
      'form:updated',
      'approval:updated',
      'command:accepted',
      'command:taken',
      'command:completed',
      'command:failed',
      'source:whole',
      'relay:asked',
      'relay:heard',
      'lease:taken',
      'dead-letter:kept',
      'dead-letter:dropped',
      'revocation:made',
      'revocation:over',
      'subscription:reached',
      'subscription:resumed',
    ]);
  });
});
