import { BSON, type ChangeStreamDocument } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { factsOf, placesOf, type Seen } from '../src/capture/mongodb/mapping.ts';
import { plain } from '../src/capture/mongodb/plain.ts';
import { pipelineOf, seenOf } from '../src/capture/mongodb/seen.ts';
import { ConfigError, readConfig } from '../src/config/config.ts';
import { createDatabase } from '../src/database.ts';

const WEEK = 7 * 86_400_000;
const custom = { type: 'x:order', data: { order: '_id' }, rooms: { executionid: 'execution' } };

/** The sources of a setting. */
function sourcesOf(setting: object[], MONGODB_URL: string | undefined = 'mongodb://127.0.0.1/netbuild') {
  const all = { JWT_SECRET: 'x'.repeat(32), MONGODB_URL, MONGODB_SOURCES: JSON.stringify(setting) };
  return readConfig(all).MONGODB_SOURCES;
}

/** A source of one collection of orders. */
function sourceOf(...events: object[]) {
  return sourcesOf([{ collection: 'orders', version: 'version', time: 'changed', events }])[0]!;
}

/** Something that was seen of an order. */
function seen(kind: Seen['kind'], document: object, occurrence = 'one'): Seen {
  const whole = { _id: 'o1', execution: 'e1', version: 1, changed: new Date(), ...document };
  return { kind, key: 'o1', document: whole, occurrence, at: undefined };
}

describe('A wrong setting is told with its place:', () => {
  test.each([
    ['a type that publishers may not report', { events: [{ type: 'lease:taken' }] }, '0.events.0.type'],
    ['an erasure', { events: [{ type: 'data:erased' }] }, '0.events.0.type'],
    ['a custom event without a room', { events: [{ ...custom, rooms: {} }] }, '0.events.0.rooms'],
    ['rooms that the row decides', { events: [{ ...custom, type: 'message:new' }] }, '0.events.0.rooms'],
    ['an unknown change', { events: [{ ...custom, on: ['drop'] }] }, '0.events.0.on.0'],
    ['a place that is none', { events: [{ ...custom, data: { a: '$where' } }] }, '0.events.0.data.a'],
    ['a prototype', { events: [{ ...custom, data: { 'a.__proto__.b': '_id' } }] }, '0.events.0.data'],
    ['no events', { events: [] }, '0.events'],
    ['a word too much', { events: [custom], vresion: 'v' }, '0'],
  ])('%s', (_what, source, place) => {
    expect(() => sourcesOf([{ collection: 'orders', ...source }])).toThrow(
      new RegExp(`^MONGODB_SOURCES: ${place.replaceAll('.', '\\.')}(\\.|:)`),
    );
  });

  test('two of one name, sources without a database, and a database without a name', () => {
    const source = { collection: 'orders', events: [custom] };
    expect(() => sourcesOf([source, source])).toThrow('MONGODB_SOURCES: two sources have one name');
    expect(() => sourcesOf([source], '')).toThrow('MONGODB_SOURCES: MONGODB_URL is missing');
    for (const url of ['mongodb://127.0.0.1', 'mongodb://127.0.0.1/?a=b', 'http://127.0.0.1/netbuild'])
      expect(() => sourcesOf([], url)).toThrow(ConfigError);
    expect(sourcesOf([source, { ...source, name: 'other' }]).map(({ name }) => name)).toEqual([
      'orders',
      'other',
    ]);
  });
});

test('an address that the driver does not understand is refused, and not repeated', async () => {
  for (const url of ['mongodb://u:secret@/netbuild', 'mongodb://u:secret@h:1/netbuild?nope=1']) {
    const opened = createDatabase(url).db();
    await expect(opened).rejects.toThrow(/Protocol and host|option nope/);
    await expect(opened).rejects.not.toThrow('secret');
  }
});

test('values are what JSON can say of them', () => {
  const digits = '65f000000000000000000001';
  const uuid = '0c1bb7b2-8d5b-4b0c-9f3e-1d2c3b4a5f60';
  const document = {
    id: new BSON.ObjectId(digits),
    at: new Date(0),
    long: BSON.Long.fromString('9007199254740993'),
    short: BSON.Long.fromNumber(7),
    price: BSON.Decimal128.fromString('12.50'),
    uuid: new BSON.UUID(uuid),
    bytes: new BSON.Binary(Buffer.from('abc')),
    list: [new BSON.ObjectId(digits), null],
    inner: { double: new BSON.Double(1.5), nothing: null, ['__proto__']: 1 },
    infinite: Number.POSITIVE_INFINITY,
    code: new BSON.Code('x'),
  };
  const stored = BSON.deserialize(BSON.serialize(document));
  expect(plain(stored)).toEqual({
    id: digits,
    at: '1970-01-01T00:00:00.000Z',
    long: '9007199254740993',
    short: 7,
    price: '12.50',
    uuid,
    bytes: 'YWJj',
    list: [digits, null],
    inner: { double: 1.5 },
  });
});

test('data goes where its names say, constants are as they are, and what is missing is left out', () => {
  const source = sourceOf({
    ...custom,
    data: { 'a.b': 'from.here', 'a.c': { value: null }, none: 'from.nowhere.else' },
    rooms: { executionid: 'execution', userid: 'people' },
  });
  const [mapped] = factsOf(source, seen('insert', { from: { here: [1] }, people: ['alice', 'bob'] }), WEEK);
  expect(mapped!.fact).toMatchObject({
    source: 'mongodb/orders',
    type: 'x:order',
    data: { a: { b: [1], c: null } },
    rooms: ['execution:e1', 'user:alice', 'user:bob'],
  });
  expect(placesOf(source).sort()).toEqual([
    '_id',
    'changed',
    'execution',
    'from.here',
    'from.nowhere.else',
    'people',
    'version',
  ]);
});

test('what is asked for never lies in another place that is asked for', () => {
  const source = sourceOf({ ...custom, data: { whole: 'a', part: 'a.b', other: 'ab' } });
  expect(placesOf(source)).not.toContain('a.b');
  expect(pipelineOf(['a', 'ab'])[0]).toMatchObject({
    $project: { documentKey: 1, 'fullDocument.a': 1, 'fullDocumentBeforeChange.ab': 1 },
  });
});

test('of what a document must be for an event, all has to be so', () => {
  const source = sourceOf({ ...custom, where: { state: ['placed', 'sent'], 'is.paid': true } });
  const count = (document: object) => factsOf(source, seen('insert', document), WEEK).length;
  expect(count({ state: 'sent', is: { paid: true } })).toBe(1);
  expect(count({ state: 'lost', is: { paid: true } })).toBe(0);
  expect(count({ state: 'sent' })).toBe(0);
});

describe('Ids', () => {
  const row = { type: 'payment:status', data: { paymentId: '_id' } };
  const idOf = (one: Seen, ...events: object[]) =>
    factsOf(sourceOf(...events), one, WEEK).map(({ fact }) => fact.id);

  test('of a version of a custom event are the same in a change and in a reading', () => {
    const [changed] = idOf(seen('update', { version: 2 }, 'change'), custom);
    expect(idOf(seen('found', { version: 2 }, 'reading'), custom)).toEqual([changed]);
    expect(idOf(seen('update', { version: 3 }, 'change'), custom)).not.toEqual([changed]);
  });

  test('of what has a row are those of the change: the same state may come again', () => {
    const [changed] = idOf(seen('update', {}, 'change'), row);
    expect(idOf(seen('update', {}, 'change'), row)).toEqual([changed]);
    expect(idOf(seen('update', {}, 'another'), row)).not.toEqual([changed]);
    expect(idOf(seen('found', {}, 'change'), row)).not.toEqual([changed]);
  });

  test('tell no key, are of one document each, and of two events of a type each has its own', () => {
    const [one, two] = idOf(seen('insert', {}), custom, { ...custom, where: { version: 1 } });
    expect(one).not.toBe(two);
    expect(one).not.toContain('o1');
    expect(idOf({ ...seen('insert', {}), key: 'o2' }, custom)).not.toEqual([one]);
    const digits = '65f000000000000000000001';
    const asText = idOf({ ...seen('insert', {}), key: digits }, custom);
    expect(idOf({ ...seen('insert', {}), key: new BSON.ObjectId(digits) }, custom)).not.toEqual(asText);
  });
});

test('of what a reading finds, custom events tell what nobody could mistake, and all others everything', () => {
  const count = (document: object, event: object, more: object = {}) =>
    factsOf({ ...sourceOf(event), ...more }, seen('found', document), WEEK).length;
  expect(count({}, custom)).toBe(1);
  expect(count({ changed: new Date(Date.now() - WEEK - 1000) }, custom)).toBe(0);
  expect(count({}, { ...custom, on: ['insert'] })).toBe(0);
  expect(count({}, { ...custom, on: ['update'] })).toBe(0);
  expect(count({}, custom, { version: undefined })).toBe(0);
  expect(count({}, custom, { time: undefined })).toBe(0);
  for (const on of [['insert'], ['update'], ['replace']])
    expect(count({ changed: new Date(0) }, { type: 'execution:created', on })).toBe(1);
  expect(count({}, { type: 'message:deleted', on: ['delete'] })).toBe(0);
});

// As https://www.mongodb.com/docs/manual/reference/change-events/ has them; the server of the tests tells less.
describe('A change of MongoDB', () => {
  const common = {
    _id: { _data: '8263' },
    ns: { db: 'netbuild', coll: 'orders' },
    documentKey: { _id: 'o1' },
    clusterTime: new BSON.Timestamp({ t: 1, i: 1 }),
    wallTime: new Date(1000),
  };
  const of = (change: object) => seenOf({ ...common, ...change } as unknown as ChangeStreamDocument);

  test('says how a document is, and when that came to be', () => {
    const document = { _id: 'o1', n: 1 };
    for (const kind of ['insert', 'update', 'replace'])
      expect(of({ operationType: kind, fullDocument: document })).toMatchObject({
        kind,
        key: 'o1',
        document,
        at: new Date(1000),
      });
  });

  test('of a document that is gone meanwhile says nothing: its end comes later', () => {
    expect(of({ operationType: 'update', fullDocument: null })).toBeUndefined();
    expect(of({ operationType: 'update' })).toBeUndefined();
  });

  test('that deletes says the key, and the rest where the collection has kept it', () => {
    expect(of({ operationType: 'delete' })).toMatchObject({ key: 'o1', document: { _id: 'o1' } });
    const before = { _id: 'o1', of: 'alice' };
    expect(of({ operationType: 'delete', fullDocumentBeforeChange: before })).toMatchObject({
      document: before,
    });
  });

  test('that is none of a document says nothing of one', () => {
    for (const operationType of ['createIndexes', 'modify', 'shardCollection'])
      expect(of({ operationType })).toBeUndefined();
  });
});
