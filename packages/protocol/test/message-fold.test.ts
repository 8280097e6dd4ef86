import { describe, expect, test } from 'vitest';
import { createWorld, LATER, NOON, types, type World } from './support/world.ts';

const data = { messageId: 'm1', executionId: 'e1', userId: 'alice', content: 'Hello' };

/** An execution of alice and bob, in which alice has said something. */
function talk(more: object = {}): World {
  const world = createWorld();
  world.report('execution:created', { executionId: 'e1', title: 'Talk', participants: ['alice', 'bob'] });
  world.report('message:new', { ...data, ...more });
  return world;
}

describe('a message', () => {
  test('is seen in its execution, with the time at which it was taken', () => {
    const world = createWorld();
    expect(types(world.report('message:new', data))).toEqual(['message:new']);
    expect(world.row('message/m1')).toEqual({ ...data, timestamp: NOON });
    expect(world.rooms('message/m1')).toEqual(['execution:e1']);
  });

  test('that comes again is no news, and keeps its time', () => {
    const world = createWorld();
    world.report('message:new', data);
    expect(world.report('message:new', data, LATER)).toEqual([]);
    expect(world.row('message/m1')).toMatchObject({ timestamp: NOON });
  });

  test.each([{ content: 'Good bye' }, { userId: 'bob' }, { executionId: 'e2' }])(
    'of the same id with %j is refused, not dropped',
    (other) => {
      const world = createWorld();
      world.report('message:new', data);
      expect(() => world.report('message:new', { ...data, ...other })).toThrow(
        expect.objectContaining({ code: 'duplicate_id', field: 'messageId' }),
      );
    },
  );

  test('answers one of its own execution, deleted or not, and no other', () => {
    const world = talk();
    world.report('message:new', { ...data, messageId: 'm2', replyTo: 'm1' });
    expect(world.row('message/m2')).toMatchObject({ replyTo: 'm1' });
    world.report('message:deleted', { messageId: 'm1' });
    world.report('message:new', { ...data, messageId: 'm3', replyTo: 'm1' });
    world.report('message:new', { ...data, messageId: 'far', executionId: 'e2' });
    for (const replyTo of ['none', 'far'])
      expect(() => world.report('message:new', { ...data, messageId: 'm4', replyTo })).toThrow(
        expect.objectContaining({ code: 'invalid', field: 'replyTo' }),
      );
    expect(world.row('message/m4')).toBeUndefined();
  });

  test('mentions participants, each once, and comes to their own rooms', () => {
    const world = talk({ mentions: ['bob', 'bob'] });
    expect(world.row('message/m1')).toMatchObject({ mentions: ['bob'] });
    expect(world.rooms('message/m1')).toEqual(['execution:e1', 'user:bob']);
    expect(() =>
      world.report('message:new', { ...data, messageId: 'm2', mentions: ['alice', 'mallory'] }),
    ).toThrow(expect.objectContaining({ code: 'invalid', field: 'mentions.1' }));
    // Of what is there already it does not matter who has left since.
    world.report('execution:updated', { executionId: 'e1', participants: { remove: ['bob'] } });
    expect(world.report('message:new', { ...data, mentions: ['bob'] })).toEqual([]);
  });

  test('that mentions nobody is as if it said nothing of it', () => {
    expect(talk({ mentions: [] }).row('message/m1')).toEqual({ ...data, timestamp: NOON });
  });
});

describe('a message that is edited', () => {
  const edit = { messageId: 'm1', content: 'Good bye', by: 'alice' };

  test('says something else, when and by whom, and is otherwise as it was', () => {
    const world = talk({ mentions: ['bob'] });
    expect(types(world.report('message:edited', edit, LATER))).toEqual(['message:edited']);
    expect(world.row('message/m1')).toEqual({
      ...data,
      content: 'Good bye',
      mentions: ['bob'],
      timestamp: NOON,
      edited: LATER,
      by: 'alice',
    });
    expect(world.report('message:edited', edit, LATER)).toEqual([]);
  });

  test('is not told to who was mentioned and has left', () => {
    const world = talk({ mentions: ['alice', 'bob'] });
    world.report('execution:updated', { executionId: 'e1', participants: { remove: ['bob'] } });
    world.report('message:edited', edit);
    expect(world.rooms('message/m1')).toEqual(['execution:e1', 'user:alice']);
  });

  test('has to be there, and not to be deleted', () => {
    const world = talk();
    expect(() => world.report('message:edited', { ...edit, messageId: 'none' })).toThrow(
      expect.objectContaining({ code: 'not_found', field: 'messageId' }),
    );
    world.report('message:deleted', { messageId: 'm1' });
    expect(() => world.report('message:edited', edit)).toThrow(
      expect.objectContaining({ code: 'message_closed', field: 'messageId' }),
    );
  });
});

describe('a message that is deleted', () => {
  test('leaves its place alone, and erases its past', () => {
    const world = talk({ mentions: ['bob'], replyTo: undefined });
    world.report('message:new', { ...data, messageId: 'm2', replyTo: 'm1' });
    world.report('message:edited', { messageId: 'm2', content: 'Good bye' });
    const changes = world.report('message:deleted', { messageId: 'm2', by: 'carol' }, LATER);
    expect(changes).toMatchObject([
      { type: 'data:erased', data: { subjects: ['message/m2'] }, erases: ['message/m2'] },
      { type: 'message:deleted', subject: 'message/m2' },
    ]);
    const { content: _content, ...left } = data;
    expect(world.row('message/m2')).toEqual({
      ...left,
      messageId: 'm2',
      replyTo: 'm1',
      timestamp: NOON,
      deleted: LATER,
      by: 'carol',
    });
    world.report('message:deleted', { messageId: 'm1' });
    expect(world.rooms('message/m1')).toEqual(['execution:e1']);
  });

  test('is deleted once, and its id is not given to another', () => {
    const world = talk();
    expect(world.report('message:deleted', { messageId: 'none' })).toEqual([]);
    world.report('message:deleted', { messageId: 'm1' });
    expect(world.report('message:deleted', { messageId: 'm1' }, LATER)).toEqual([]);
    expect(() => world.report('message:new', data)).toThrow(
      expect.objectContaining({ code: 'duplicate_id', field: 'messageId' }),
    );
  });
});

describe("a reader's place", () => {
  const read = (seq: number) => ({ readId: 'r', executionId: 'e1', userId: 'bob', seq });

  test('moves forward, never back, in the rooms of the execution and of the reader', () => {
    const world = createWorld();
    expect(types(world.report('message:read', read(7)))).toEqual(['message:read']);
    expect(world.report('message:read', read(7), LATER)).toEqual([]);
    expect(world.report('message:read', read(3), LATER)).toEqual([]);
    expect(world.row('read/r')).toEqual({ executionId: 'e1', userId: 'bob', seq: 7, at: NOON });
    world.report('message:read', read(9), LATER);
    expect(world.row('read/r')).toMatchObject({ seq: 9, at: LATER });
    expect(world.rooms('read/r')).toEqual(['execution:e1', 'user:bob']);
  });
});
