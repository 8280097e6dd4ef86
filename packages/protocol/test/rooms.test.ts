import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_ROOM_ID, parseRoom, ROOM_KINDS, type Room, room, uniqueRooms } from '../src/index.ts';

test('each kind of room is taken apart as it was named', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ROOM_KINDS), fc.stringMatching(/^[ -~]{1,255}$/), (kind, id) => {
      expect(parseRoom(room(kind, id))).toEqual({ kind, id });
    }),
  );
});

test('colons, slashes, blanks and letters of any script may stand in an id', () => {
  for (const id of ['a:b', 'task:1', 'a/b', 'Jörg Müller', '用户', '👩‍💻', ':']) {
    expect(parseRoom(`user:${id}`)).toEqual({ kind: 'user', id });
  }
});

test.each([
  ['an empty text', ''],
  ['a kind alone', 'user'],
  ['a kind and a letter, without a colon', 'users'],
  ['a kind and a letter, without a colon', 'processX'],
  ['an empty id', 'user:'],
  ['an empty kind', ':alice'],
  ['an unknown kind', 'tenant:acme'],
  ['a kind in capitals', 'User:alice'],
  ['a kind with a blank', ' user:alice'],
  ['the name of something that each object has', 'constructor:x'],
  ['the name of something that each object has', '__proto__:x'],
  ['a NUL', 'user:a\u0000b'],
  ['a line feed', 'user:alice\n'],
  ['a delete', 'user:a\u007fb'],
  ['a control character above ASCII', 'user:a\u0085b'],
  ['10,000 characters', `user:${'a'.repeat(10_000)}`],
  ['10,000 characters without a colon', 'u'.repeat(10_000)],
])('%s is no room: %j', (_what, name) => {
  expect(parseRoom(name)).toBeUndefined();
});

test('an id has at most 255 UTF-16 units', () => {
  expect(parseRoom(`user:${'a'.repeat(MAX_ROOM_ID)}`)).toBeDefined();
  expect(parseRoom(`user:${'a'.repeat(MAX_ROOM_ID + 1)}`)).toBeUndefined();
  expect(parseRoom(`user:${'👩'.repeat(128)}`)).toBeUndefined();
});

test.each([undefined, null, 1, true, {}, ['user:alice'], { toString: () => 'user:alice' }])(
  'what is no text is no room: %j',
  (name) => {
    expect(parseRoom(name)).toBeUndefined();
  },
);

test('any text is a room or none, and what is one is named the same again', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.constantFrom(...ROOM_KINDS), fc.string()).map(([kind, rest]) => kind + rest),
  );
  fc.assert(
    fc.property(texts, (name) => {
      const parsed = parseRoom(name);
      if (parsed) expect(room(parsed.kind, parsed.id)).toBe(name);
    }),
  );
});

test('rooms stand once each, in the order of their first mention', () => {
  const names: (Room | undefined)[] = [
    'user:b',
    undefined,
    'user:a',
    'user:b',
    undefined,
    'group:a',
    'user:a',
  ];
  expect(uniqueRooms(names)).toEqual(['user:b', 'user:a', 'group:a']);
});
