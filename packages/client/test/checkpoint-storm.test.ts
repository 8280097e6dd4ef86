import type { Room } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { liveClient, until } from './helpers/connected.ts';
import { task } from './helpers/happenings.ts';
import { randomOf } from './helpers/random.ts';
import { type ScriptedServer, startServer } from './helpers/scripted-server.ts';
import { ToldOracle } from './support/told-oracle.ts';

const ROOMS: Room[] = ['execution:a', 'execution:b', 'process:c'];

const openSeqs = (server: ScriptedServer): number[] =>
  [...new Map(server.log.map((event) => [event.subject, event])).values()]
    .filter((row) => !row.ended && row.rooms.some((room) => ROOMS.includes(room)))
    .map(({ seq }) => seq)
    .sort((a, b) => a - b);

/** Lets sockets have their turns. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  'batches that are lost or doubled, cuts and lives that change leave no hole and no double (seed %i)',
  async (seed) => {
    const random = randomOf(seed);
    const server = await startServer();
    const client = await liveClient(server, { backoff: { base: 3, limit: 6 } });
    const oracle = new ToldOracle(server, client);
    server.loses = (batch) => {
      if (random() > 0.1) return false;
      oracle.lose(batch);
      return true;
    };
    server.doubles = () => random() < 0.05;
    for (const room of ROOMS.slice(0, 2)) client.room(room).hold();
    let isLate = false;

    const happen = () => {
      const id = String(Math.floor(random() * 9));
      if (server.log.some((event) => event.subject === `task/${id}` && event.ended)) return;
      const rooms = ROOMS.filter(() => random() < 0.5);
      server.append({
        ...task(id, random() < 0.05 ? { state: 'completed' } : {}),
        rooms: rooms.length > 0 ? rooms : ['execution:elsewhere'],
      });
    };
    const rewind = (most: number) => {
      const from = Math.max(1, server.seq + 1 - Math.floor(random() * most));
      server.beginLife(`life${server.lives.length + 1}`, from);
      // As a node does: who has heard of the old life hears of the new one before its first event.
      server.checkpoint();
    };

    for (let step = 0; step < 300; step++) {
      const dice = random();
      if (dice < 0.7) happen();
      else if (dice < 0.85) server.checkpoint();
      else if (dice < 0.9) server.cut();
      else if (dice < 0.92) rewind(random() < 0.5 ? 1 : 6);
      else if (dice < 0.93) server.trimmedTo = server.seq;
      else if (dice < 0.96) server.pageSize = random() < 0.5 ? 2 : Number.POSITIVE_INFINITY;
      else if (!isLate) {
        isLate = true;
        client.room(ROOMS[2]!).hold();
      } else await until(client.status, ({ state }) => state === 'live');
      if (random() < 0.6) await turn();
    }

    // The storm is over: the next checkpoint shows what it has taken.
    client.room(ROOMS[2]!).hold();
    server.loses = () => false;
    server.doubles = () => false;
    server.trimmedTo = 0;
    const isProved = async () => {
      await until(client.status, ({ state }) => state === 'live');
      await Promise.all(ROOMS.map((room) => until(client.room(room), ({ state }) => state === 'whole')));
      server.append({ type: 'x:end', rooms: ['user:alice'], data: {} });
      server.checkpoint();
      await turn();
      return client.position?.epoch === server.epoch && oracle.told.at(-1) === server.log.at(-1)?.id;
    };
    await expect.poll(isProved, { interval: 5 }).toBe(true);
    await until(client.status, ({ state }) => state === 'live');

    expect(oracle.violations([...ROOMS, 'user:alice'])).toEqual([]);
    const shown = client.view('tasks', { open: true }).getSnapshot();
    expect(shown.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(openSeqs(server));
    for (const row of shown) expect(row).toEqual(server.log[row.seq - 1]);
  },
);
