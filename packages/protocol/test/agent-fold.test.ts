import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AT_WORK, type EventType, MAX_MESSAGE_BYTES, RealtimeError } from '../src/index.ts';
import { createWorld, LATER, NOON, types, type World } from './support/world.ts';

const A = 'agent/a1' as const;
const M = 'message/m1' as const;
const run = { agentId: 'a1', agent: 'summarise' };
const here = { ...run, executionId: 'e1' };
const after = (seconds: number) => new Date(Date.parse(NOON) + seconds * 1000).toISOString();
const say = (world: World, offset: number, text: string, more: object = {}, time = NOON) =>
  world.report('message:appended', { agentId: 'a1', messageId: 'm1', offset, text, ...more }, time);

/** What a fold answers: its types, or the code and the field of its refusal. */
function answerOf(report: () => ReturnType<World['report']>): string[] | string {
  try {
    return types(report());
  } catch (error) {
    if (!(error instanceof RealtimeError)) throw error;
    return error.field === undefined ? error.code : `${error.code} ${error.field}`;
  }
}

describe('A run of an agent', () => {
  test('begins as a lease, in the rooms of what it works for and where the nodes look', () => {
    const world = createWorld();
    world.report('process:started', { processInstanceId: 'i1', businessKey: 'e1' });
    const said = { ...run, processInstanceId: 'i1', activityId: 'Summary', words: 'reading', ttl: 20_000 };
    expect(types(world.report('agent:thinking', said))).toEqual(['agent:thinking']);
    expect(world.row(A)).toMatchObject({
      ...said,
      executionId: 'e1',
      state: 'thinking',
      since: NOON,
      until: after(20),
    });
    expect(world.rooms(A)).toEqual([AT_WORK, 'execution:e1', 'process:i1']);
    world.report('agent:completed', { agentId: 'a1' }, LATER);
    expect(world.rooms(A)).toEqual(['execution:e1', 'process:i1']);
  });

  test('is renewed by a sign of life, but not by each of many', () => {
    const world = createWorld();
    world.report('agent:thinking', here);
    expect(world.report('agent:thinking', here, after(3))).toEqual([]);
    expect(world.report('agent:thinking', here, after(5))).toMatchObject([{ passing: true }]);
    expect(world.row(A)).toMatchObject({ since: NOON, until: after(20) });
    expect(types(world.report('agent:thinking', { ...here, words: 'writing' }, after(6)))).toEqual([
      'agent:thinking',
    ]);
    expect(world.row(A)).toMatchObject({ words: 'writing', until: after(20) });
    expect(world.report('agent:thinking', here, NOON)).toEqual([]);
  });

  test('ends with its result and usage, or its failure, and what it was doing goes', () => {
    for (const [type, said, row] of [
      [
        'agent:completed',
        { result: { summary: 'short' }, usage: { outputTokens: 7 } },
        { state: 'completed' },
      ],
      ['agent:failed', { failure: 'no model' }, { state: 'failed', reason: 'failed' }],
      ['agent:failed', { reason: 'cancelled' }, { state: 'failed' }],
    ] as const) {
      const world = createWorld();
      world.report('agent:thinking', { ...here, words: 'reading' });
      expect(types(world.report(type, { agentId: 'a1', ...said }, LATER))).toEqual([type]);
      expect(world.row(A)).toEqual({ ...here, since: NOON, ended: LATER, ...said, ...row });
      expect(world.report(type, { agentId: 'a1', ...said }, after(60))).toEqual([]);
    }
  });

  test('that is heard of at its end alone has to say whose it was', () => {
    const world = createWorld();
    expect(answerOf(() => world.report('agent:completed', { agentId: 'a1' }))).toBe('not_found agentId');
    expect(answerOf(() => world.report('agent:completed', here))).toEqual(['agent:completed']);
    expect(answerOf(() => world.report('agent:thinking', here))).toBe('agent_ended agentId');
  });

  test('that is asked to stop hears of it at each sign of life, and may still say how it has ended', () => {
    const world = createWorld();
    world.report('agent:thinking', here);
    say(world, 0, 'So far');
    expect(types(world.report('agent:stopping', { agentId: 'a1', by: 'alice' }))).toEqual(['agent:stopping']);
    expect(world.report('agent:stopping', { agentId: 'a1', by: 'bob' })).toEqual([]);
    expect(answerOf(() => world.report('agent:thinking', here))).toBe('agent_stopped agentId');
    expect(answerOf(() => say(world, 6, ' good'))).toBe('agent_stopped agentId');
    const said = { messageId: 'm1', offset: 6, text: ' good' };
    expect(types(world.report('agent:failed', { agentId: 'a1', reason: 'stopped', said }))).toEqual([
      'message:appended',
      'agent:failed',
    ]);
    expect(world.row(A)).toMatchObject({ state: 'failed', reason: 'stopped', stopBy: 'alice' });
    expect(world.row(M)).toMatchObject({ content: 'So far good' });
    expect(answerOf(() => world.report('agent:stopping', { agentId: 'a1', by: 'bob' }))).toBe(
      'agent_ended agentId',
    );
  });

  test("is another holder's to nobody else", () => {
    const world = createWorld();
    world.report('agent:thinking', { ...here, holder: 'w1' });
    for (const holder of ['w2', undefined]) {
      const expected = holder === undefined ? [] : 'agent_ended agentId';
      expect(answerOf(() => world.report('agent:thinking', { ...here, holder }))).toEqual(expected);
    }
    expect(answerOf(() => world.report('agent:completed', { agentId: 'a1', holder: 'w2' }))).toBe(
      'agent_ended agentId',
    );
    expect(answerOf(() => say(world, 0, 'Hello', { holder: 'w2' }))).toBe('agent_ended agentId');
  });

  test('can be tried again once it has failed, until another run follows it, which ends one that has not said so', () => {
    const world = createWorld();
    world.report('agent:thinking', here);
    const retry = (by: string) => answerOf(() => world.report('agent:retrying', { agentId: 'a1', by }));
    const follow = (agentId: string, follows: string) =>
      types(world.report('agent:thinking', { ...here, agentId, follows }, LATER));
    expect(retry('alice')).toBe('agent_not_failed agentId');
    world.report('agent:failed', { agentId: 'a1' });
    expect(retry('alice')).toEqual(['agent:retrying']);
    expect(retry('bob')).toEqual([]);
    expect(world.row(A)).toMatchObject({ retryBy: 'alice' });
    expect(follow('a2', 'a1')).toEqual(['agent:updated', 'agent:thinking']);
    expect(retry('bob')).toBe('agent_not_failed agentId');
    expect(follow('a3', 'a2')).toEqual(['agent:failed', 'agent:thinking']);
    expect(world.row('agent/a2')).toMatchObject({ reason: 'silent', ended: LATER, followedBy: 'a3' });
  });

  test('moves with its process instance where that is linked late', () => {
    const world = createWorld();
    world.report('agent:thinking', { ...run, processInstanceId: 'i1' });
    expect(answerOf(() => say(world, 0, 'Hello'))).toBe('no_chat agentId');
    world.report('process:started', { processInstanceId: 'i1', businessKey: 'e1' });
    expect(types(world.report('agent:updated', { agentId: 'a1' }))).toEqual(['agent:updated']);
    expect(world.row(A)).toMatchObject({ executionId: 'e1' });
    expect(types(say(world, 0, 'Hello'))).toEqual(['message:new', 'agent:thinking']);
  });
});

describe('What an agent says', () => {
  test('is a message that begins as new, grows without a word of being edited, and names its run', () => {
    const world = createWorld();
    world.report('agent:thinking', here);
    expect(types(say(world, 0, 'Once'))).toEqual(['message:new', 'agent:thinking']);
    expect(types(say(world, 4, ' upon'))).toEqual(['message:appended']);
    expect(world.row(M)).toEqual({
      messageId: 'm1',
      executionId: 'e1',
      userId: 'agent:summarise',
      agent: 'summarise',
      agentId: 'a1',
      content: 'Once upon',
      timestamp: NOON,
    });
    expect(world.row(A)).toMatchObject({ messageId: 'm1' });
    expect(types(say(world, 9, ' a time', {}, after(8)))).toEqual(['message:appended', 'agent:thinking']);
    expect(world.row(A)).toMatchObject({ until: after(23) });
  });

  test('is refused where it would leave a hole, say otherwise, be too long, or nothing', () => {
    const world = createWorld();
    world.report('agent:thinking', here);
    expect(answerOf(() => say(world, 1, 'b'))).toBe('invalid offset');
    expect(answerOf(() => say(world, 0, ' \n'))).toBe('invalid text');
    say(world, 0, 'ab');
    expect(answerOf(() => say(world, 1, 'c'))).toBe('duplicate_id offset');
    expect(answerOf(() => say(world, 2, 'é'.repeat(MAX_MESSAGE_BYTES / 2)))).toBe('too_large text');
    world.report('message:deleted', { messageId: 'm1' });
    expect(answerOf(() => say(world, 2, 'c'))).toBe('message_closed messageId');
    world.report('message:new', { messageId: 'm2', executionId: 'e1', userId: 'bob', content: 'a' });
    expect(answerOf(() => say(world, 1, 'b', { messageId: 'm2' }))).toBe('duplicate_id messageId');
  });

  test('comes to the same text however its steps are cut, told twice, and told late', () => {
    const text = 'The quick brown fox jumps over the lazy dog. 🦊 It does.';
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: text.length })), {
          maxLength: 60,
        }),
        (cuts) => {
          const world = createWorld();
          world.report('agent:thinking', here);
          let length = 0;
          for (const [offset, size] of cuts) {
            const step = text.slice(offset, offset + size);
            const answer = answerOf(() => say(world, offset, step));
            if (offset > length) expect(answer).toBe('invalid offset');
            else length = Math.max(length, offset + step.length);
            expect(world.row(M)?.content ?? '').toBe(text.slice(0, length));
          }
        },
      ),
    );
  });
});

test('A run that is over stays over, whatever is said late, twice or in another order', () => {
  const facts: [EventType, object][] = [
    ['agent:thinking', here],
    ['agent:thinking', { ...here, words: 'writing' }],
    ['agent:thinking', { ...here, agentId: 'a2', follows: 'a1' }],
    ['message:appended', { agentId: 'a1', messageId: 'm1', offset: 0, text: 'a' }],
    ['message:appended', { agentId: 'a1', messageId: 'm1', offset: 1, text: 'b' }],
    ['agent:stopping', { agentId: 'a1', by: 'alice' }],
    ['agent:completed', { ...here, result: { a: 1 } }],
    ['agent:completed', { agentId: 'a1', said: { messageId: 'm1', offset: 0, text: 'ab' } }],
    ['agent:failed', { ...here, reason: 'silent' }],
    ['agent:retrying', { agentId: 'a1', by: 'alice' }],
  ];
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(facts.length - 1), fc.nat(40)), { maxLength: 40 }), (told) => {
      const world = createWorld();
      let until = '';
      let end: object | undefined;
      const endOf = ({ retryBy: _, followedBy: __, ...row }: Record<string, unknown>) => row;
      for (const [n, seconds] of told) {
        answerOf(() => world.report(...facts[n]!, after(seconds)));
        const row = world.row(A);
        if (!row) continue;
        if (end) {
          expect(endOf(row), 'its end is its first').toEqual(end);
        } else if (row.ended !== undefined) end = endOf(row);
        else {
          expect((row.until as string) >= until, 'no lease becomes shorter').toBe(true);
          until = row.until as string;
        }
      }
    }),
  );
});
