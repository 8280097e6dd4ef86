import type { Room } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRegister, type PresenceWord, type Register } from '../src/presence/attendance.ts';

const TIMING = { tick: 1, beat: 5, lease: 15, grace: 30 };
const E1: Room = 'execution:e1';

/** Some nodes that hear each other over a lane that may lose what is said, and a clock that is moved by hand. */
function cluster(size: number) {
  let time = 0;
  let loses = (): boolean => false;
  const lane: { from: number; text: string }[] = [];
  const nodes = new Map<number, Register>();
  const told: string[][] = [];
  let lives = 0;
  const start = (i: number): Register => {
    const words: string[] = [];
    told[i] = words;
    const register = createRegister({
      node: `node ${i}, life ${++lives}`,
      cast: (text) => lane.push({ from: i, text }),
      tell: (news: PresenceWord[]) =>
        words.push(
          ...news.map(
            ({ type, data }) => `${type.slice(9)} ${data.room} ${data.userId ?? 'people'} ${data.count}`,
          ),
        ),
      now: () => time,
      timing: TIMING,
    });
    nodes.set(i, register);
    return register;
  };
  const settle = async (): Promise<void> => {
    do {
      // Each says what it has to say at the end of its turn.
      await Promise.resolve();
      for (const { from, text } of lane.splice(0))
        for (const [i, node] of nodes) if (i === from || !loses()) node.hear(text);
      await Promise.resolve();
    } while (lane.length > 0);
  };
  for (let i = 0; i < size; i++) start(i);
  return {
    nodes,
    told,
    start,
    settle,
    kill: (i: number) => nodes.delete(i),
    lose: (how: () => boolean) => {
      loses = how;
    },
    async pass(by: number) {
      for (const end = time + by; time < end; ) {
        time++;
        for (const node of nodes.values()) node.tick();
        await settle();
      }
    },
  };
}

describe('Who is where', () => {
  test('several sockets of a person, on several nodes, are one; it is told once, and who comes back has not been away', async () => {
    const { nodes, told, settle, pass } = cluster(2);
    const [a, b] = [nodes.get(0)!, nodes.get(1)!];
    for (const node of [a, a, b]) node.came(E1, 'alice');
    await settle();
    b.came(E1, 'bob');
    await settle();
    for (const node of [a, b]) expect(node.of(E1)).toEqual({ count: 2, people: ['alice', 'bob'] });
    for (const node of [a, a, b]) node.went(E1, 'alice');
    await pass(29);
    b.came(E1, 'alice');
    await pass(40);
    b.went(E1, 'alice');
    await pass(31);
    expect(told).toEqual([
      [`joined ${E1} alice 1`, `joined ${E1} bob 2`, `left ${E1} alice 1`],
      [`joined ${E1} alice 1`, `joined ${E1} bob 2`, `left ${E1} alice 1`],
    ]);
    expect(a.of(E1)).toEqual({ count: 1, people: ['bob'] });
  });

  test('a node that dies has nobody any more after its lease, and they are gone after the grace', async () => {
    const { nodes, told, settle, pass, kill } = cluster(2);
    const b = nodes.get(1)!;
    nodes.get(0)!.came(E1, 'alice');
    b.came(E1, 'bob');
    await settle();
    kill(0);
    await pass(TIMING.lease + TIMING.grace - 1);
    expect(b.of(E1).people).toEqual(['bob', 'alice'].sort((x) => (x === 'bob' ? -1 : 1)));
    await pass(5);
    expect(b.of(E1).people).toEqual(['bob']);
    expect(told[1]!.at(-1)).toBe(`left ${E1} alice 1`);
  });

  test('one that starts knows at once who is on the others, and one that stops says so', async () => {
    const { nodes, settle, start, pass, kill } = cluster(2);
    nodes.get(0)!.came(E1, 'alice');
    nodes.get(1)!.came(E1, 'bob');
    await settle();
    const third = start(2);
    await settle();
    expect(third.of(E1)).toEqual({ count: 2, people: ['alice', 'bob'] });
    nodes.get(0)!.close();
    kill(0);
    await pass(TIMING.grace + 1);
    expect(third.of(E1).people).toEqual(['bob']);
  });

  test('of a room of more than 200 only the number is told, and not at each step', async () => {
    const { nodes, told, settle, pass } = cluster(2);
    const [a, b] = [nodes.get(0)!, nodes.get(1)!];
    for (let i = 0; i < 1000; i++) (i % 2 ? a : b).came(E1, `person ${i}`);
    await settle();
    await pass(1);
    for (const [i, node] of [a, b].entries()) {
      expect(node.of(E1)).toEqual({ count: 1000 });
      expect(told[i]!.filter((word) => word.includes('people'))).toEqual([`joined ${E1} people 1000`]);
      expect(told[i]!.length).toBeLessThanOrEqual(201);
    }
    for (let i = 0; i < 900; i++) (i % 2 ? a : b).went(E1, `person ${i}`);
    await pass(TIMING.grace + 2);
    for (const node of [a, b]) expect(node.of(E1).people).toHaveLength(100);
  });

  test('nothing is kept of rooms without anybody', async () => {
    const { nodes, settle, pass } = cluster(2);
    for (let i = 0; i < 50; i++) nodes.get(0)!.came(`execution:${i}`, 'alice');
    await settle();
    expect(nodes.get(1)!.rooms).toBe(50);
    for (let i = 0; i < 50; i++) nodes.get(0)!.went(`execution:${i}`, 'alice');
    await pass(TIMING.grace + 2);
    expect([...nodes.values()].map(({ rooms }) => rooms)).toEqual([0, 0]);
  });

  test('whatever is lost on the way and whoever dies, all nodes come to the same, and nobody is told twice', async () => {
    const rooms: Room[] = ['execution:a', 'execution:b', 'process:c'];
    const people = ['alice', 'bob', 'carol'];
    const step = fc.record({
      node: fc.nat(2),
      room: fc.constantFrom(...rooms),
      person: fc.constantFrom(...people),
      act: fc.constantFrom('came', 'came', 'went', 'pass', 'kill', 'settle' as const),
      by: fc.nat(40),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(9), async (steps, loss) => {
        const { nodes, told, settle, pass, kill, start, lose } = cluster(3);
        let turn = 0;
        lose(() => {
          turn = (turn * 7 + 3) % 11;
          return turn < loss;
        });
        // Sockets of each node's present life.
        const sockets = new Map<string, number>();
        for (const { node, room, person, act, by } of steps) {
          const key = `${node} ${room} ${person}`;
          const open = sockets.get(key) ?? 0;
          if (act === 'came') {
            nodes.get(node)!.came(room, person);
            sockets.set(key, open + 1);
          } else if (act === 'went' && open > 0) {
            nodes.get(node)!.went(room, person);
            sockets.set(key, open - 1);
          } else if (act === 'pass') await pass(by);
          else if (act === 'settle') await settle();
          else if (act === 'kill') {
            kill(node);
            for (const each of sockets.keys()) if (each.startsWith(`${node} `)) sockets.delete(each);
            start(node);
          }
        }
        lose(() => false);
        await pass(2 * TIMING.lease + TIMING.grace + 2 * TIMING.beat);
        for (const room of rooms) {
          const there = people.filter((person) =>
            [0, 1, 2].some((node) => (sockets.get(`${node} ${room} ${person}`) ?? 0) > 0),
          );
          for (const node of nodes.values()) expect([...node.of(room).people!].sort()).toEqual(there.sort());
        }
        for (const words of told) {
          for (const key of rooms.flatMap((room) => people.map((person) => `${room} ${person}`))) {
            const moves = words.filter((word) => word.includes(key)).map((word) => word.split(' ')[0]);
            expect(moves).toEqual(moves.map((_, n) => (n % 2 ? 'left' : 'joined')));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
