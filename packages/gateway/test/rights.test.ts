import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, openSqliteLog } from '@netbuild/realtime-log';
import { type Fact, type Room, room, type SubscribeAnswer } from '@netbuild/realtime-protocol';
import { expect, onTestFinished, test } from 'vitest';
import type { Actor } from '../src/auth/actor.ts';
import { createPolicy } from '../src/auth/policy.ts';
import { type Channel, createDelivery } from '../src/delivery/delivery.ts';
import type { Member } from '../src/delivery/member.ts';
import { createReplay } from '../src/delivery/replay.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { createSubscriptions } from '../src/sockets/subscribe.ts';
import { fact } from './support/gateway.ts';
import { RightsOracle, type Seen } from './support/rights-oracle.ts';

const USERS = ['alice', 'bob', 'carol', 'dave'];
const GROUPS = ['red', 'blue'];
const TASKS = ['t1', 't2', 't3', 't4', 't5', 't6'];
const ROOMS: Room[] = ['process:p1', 'process:p2', 'process:p3', 'execution:e1', 'execution:e2'];

/** So many runs; more of them by hand: `RIGHTS_RUNS=500 npx vitest run packages/gateway/test/rights.test.ts`. */
const RUNS = Number(process.env.RIGHTS_RUNS ?? 6);
const SEED = Number(process.env.RIGHTS_SEED ?? 1);
const STEPS = 150;

function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Somebody who enters rooms, and writes down what comes. */
interface Witness {
  actor: Actor;
  mine: Room[];
  member: Member;
  seen: Seen[];
  /** Rooms that were refused, and between which places. */
  refused: { room: Room; from: number; to: number }[];
}

function witness(userId: string, groups: string[]): Witness {
  const seen: Seen[] = [];
  const member: Member = {
    rooms: new Set(),
    revision: 0,
    take: (owed) => {
      for (const { item, left } of owed) seen.push({ is: 'event', seq: item.entry.seq, left });
    },
    left: (rooms, { seq }) => seen.push({ is: 'left', rooms: [...rooms].sort(), at: seq }),
    close: (code) => {
      throw new Error(`closed: ${code}`);
    },
  };
  const actor = { userId, domainId: 'acme', groups, roles: [], rooms: [], expires: 2 ** 40 };
  const mine = [room('user', userId), ...groups.map((group) => room('group', group))];
  return { actor, mine, member, seen, refused: [] };
}

test.each(Array.from({ length: RUNS }, (_, n) => SEED + n))(
  'whatever becomes of the rows, everybody gets just what they have a right to at each place of the log (seed %i)',
  async (seed) => {
    const random = randomOf(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
    const some = <T>(all: readonly T[]): T[] => all.filter(() => random() < 0.3);
    const { log, isIdle } = await openLog();
    const publish = createPublish(log);
    const policy = createPolicy(log);
    const delivery = createDelivery(log, 'acme', { lookEvery: 50 });
    onTestFinished(() => delivery.close());
    const channel = await delivery.channel('acme');
    const subscriptions = createSubscriptions({
      log,
      policy,
      delivery,
      replay: createReplay(log),
      mostRooms: 500,
    });
    const people = USERS.map((user, n) => witness(user, n < 2 ? [GROUPS[n]!] : some(GROUPS)));

    const happening = (): Fact => {
      const dice = random();
      const taskId = pick(TASKS);
      if (dice < 0.2) {
        const data = {
          taskId,
          processInstanceId: pick(['p1', 'p2', 'p3']),
          candidates: { addUsers: some(USERS), addGroups: some(GROUPS) },
        };
        return fact('task:created', random() < 0.4 ? { ...data, assignee: pick(USERS) } : data);
      }
      if (dice < 0.4) return fact('task:assigned', { taskId, assignee: random() < 0.3 ? null : pick(USERS) });
      if (dice < 0.65) {
        const candidates = {
          addUsers: some(USERS),
          addGroups: some(GROUPS),
          removeUsers: some(USERS),
          removeGroups: some(GROUPS),
        };
        return fact('task:updated', { taskId, candidates });
      }
      if (dice < 0.72) {
        // Another task takes its name with the next, since what has ended never comes back.
        TASKS[TASKS.indexOf(taskId)] = `${taskId}x`;
        return fact(random() < 0.7 ? 'task:completed' : 'task:cancelled', { taskId });
      }
      const executionId = pick(['e1', 'e2']);
      if (dice < 0.86) {
        const [one, two] = [some(USERS), some(USERS)];
        return fact('execution:updated', { executionId, participants: { add: one, remove: two } });
      }
      const userId = pick(USERS);
      // Neither a place up to which somebody has read, nor a mention, is a right to anything.
      if (dice < 0.93) {
        const seq = Math.ceil(random() * 1000);
        return fact('message:read', { readId: `${executionId}/${userId}`, executionId, userId, seq });
      }
      const mentions = random() < 0.5 ? [pick(USERS)] : [];
      return fact('message:new', { executionId, userId, content: 'x', messageId: `m${random()}`, mentions });
    };
    await publish('acme', [
      fact('execution:created', { executionId: 'e1', title: 'e1', participants: ['alice'] }),
      fact('execution:created', { executionId: 'e2', title: 'e2', participants: [] }),
      ...['p1', 'p2', 'p3'].map((processInstanceId, n) =>
        fact('process:started', {
          processInstanceId,
          processDefinitionKey: 'k',
          ...(n < 2 ? { businessKey: `e${n + 1}` } : { startedBy: 'dave' }),
        }),
      ),
    ]);

    const underWay = new Set<Promise<unknown>>();
    /** One request of a person at a time, as sockets do it. */
    const asking = new Map<Witness, Promise<unknown>>();
    for (let step = 0; step < STEPS; step++) {
      const dice = random();
      if (dice < 0.6) {
        const published = publish('acme', Array.from({ length: 1 + Math.floor(random() * 4) }, happening));
        underWay.add(published.finally(() => underWay.delete(published)));
      } else {
        const one = pick(people);
        const before = asking.get(one);
        const act =
          dice < 0.8
            ? () => subscribe(one, some(ROOMS))
            : dice < 0.95
              ? () => enter(one, pick(ROOMS))
              : () => leave(one);
        asking.set(one, Promise.resolve(before).then(act));
      }
      if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve));
      if (random() < 0.1) await calm();
      // What gives a right through another execution is read when a process is linked to it: between two events here.
      if (random() < 0.03) {
        await calm();
        const businessKey = pick(['e1', 'e2']);
        await publish('acme', [
          fact('process:linked', { processInstanceId: pick(['p1', 'p2']), businessKey }),
        ]);
        await calm();
      }
    }
    await calm();
    const { seq: head } = await log.head('acme');

    const { entries } = await log.read('acme', { after: 0, limit: 100_000 });
    const oracle = new RightsOracle(entries);
    let changes = 0;
    for (const { mine, seen, refused, actor } of people) {
      expect(seen, `what ${actor.userId} saw`).toEqual(oracle.expected(mine, seen, head));
      for (const one of seen) {
        if (one.is !== 'event') changes++;
        if (one.is === 'entered') expect(oracle.has(mine, one.room, one.at)).toBe(true);
      }
      for (const { room: name, from, to } of refused)
        expect(oracle.wasWithout(mine, name, from, to), `${actor.userId} had a right to ${name}`).toBe(true);
    }
    expect(changes).toBeGreaterThan(5);

    /** Until all that was begun is done, also what the delivery does by itself. */
    async function calm(): Promise<void> {
      await Promise.all([...asking.values(), ...underWay]);
      await channel.tail.reached((await log.head('acme')).seq);
      for (let turns = 0; turns < 3; turns = isIdle() ? turns + 1 : 0)
        await new Promise((resolve) => setImmediate(resolve));
    }

    async function subscribe(one: Witness, rooms: Room[]): Promise<void> {
      if (rooms.length === 0) return;
      const from = channel.tail.seq;
      const answer = (given: SubscribeAnswer): void => {
        if (!given.success) return;
        for (const name of given.rooms) one.seen.push({ is: 'entered', room: name, at: given.seq });
        for (const { room: name } of given.refused)
          one.refused.push({ room: name as Room, from, to: given.seq });
      };
      const { actor, member } = one;
      await subscriptions
        .subscribe({
          channel,
          member,
          actor,
          request: { rooms },
          answer,
          isHere: () => true,
          settled: async () => undefined,
        })
        .catch(async ({ code }: { code: string }) => {
          const { seq: to } = await log.head('acme');
          if (code === 'forbidden') one.refused.push(...rooms.map((name) => ({ room: name, from, to })));
          else expect(code).toBe('contended');
        });
    }

    async function enter(one: Witness, name: Room): Promise<void> {
      const from = channel.tail.seq;
      try {
        const grant = await policy.grant(one.actor, name, channel as Channel);
        if (grant.watch?.lostAt) return grant.watch.release();
        channel.audience.enter(one.member, [grant]);
        one.seen.push({ is: 'entered', room: name, at: channel.tail.seq });
      } catch (error) {
        const { code } = error as { code: string };
        expect(code).toMatch(/^(forbidden|contended)$/);
        if (code === 'contended') return;
        one.refused.push({ room: name, from, to: (await log.head('acme')).seq });
      }
    }

    async function leave({ member, seen }: Witness): Promise<void> {
      const [name] = member.rooms;
      if (!name) return;
      channel.audience.leave(member, [name]);
      seen.push({ is: 'gone', room: name, at: channel.tail.seq });
    }
  },
);

/** A log that knows whether anybody waits for it. */
async function openLog(): Promise<{ log: Log; isIdle: () => boolean }> {
  const directory = await mkdtemp(join(tmpdir(), 'rights-'));
  const log = await openSqliteLog({ directory });
  onTestFinished(async () => {
    await log.close();
    await rm(directory, { recursive: true });
  });
  let asked = 0;
  const counted = new Proxy(log, {
    get(target, name) {
      const found = Reflect.get(target, name, target) as unknown;
      if (typeof found !== 'function') return found;
      return (...args: unknown[]) => {
        const answer = found.apply(target, args) as unknown;
        if (!(answer instanceof Promise)) return answer;
        asked++;
        return answer.finally(() => asked--);
      };
    },
  });
  return { log: counted, isIdle: () => asked === 0 };
}
