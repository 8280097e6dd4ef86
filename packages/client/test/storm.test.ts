import type { Room } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { liveClient, until } from './helpers/connected.ts';
import { task } from './helpers/happenings.ts';
import { randomOf } from './helpers/random.ts';
import { type ScriptedServer, startServer } from './helpers/scripted-server.ts';

const ROOMS: Room[] = ['execution:a', 'execution:b', 'process:c'];

function openRows(server: ScriptedServer, held: Room[]): number[] {
  const newest = new Map(server.log.filter((event) => event.subject).map((event) => [event.subject, event]));
  return [...newest.values()]
    .filter((row) => !row.ended && row.rooms.some((room) => held.includes(room)))
    .map((row) => row.seq)
    .sort((a, b) => a - b);
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'through cuts, pages, trims and rooms that come and go, the client ends with what the server has (seed %i)',
  async (seed) => {
    const random = randomOf(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
    const server = await startServer();
    const client = await liveClient(server, { backoff: { base: 5, limit: 10 } });
    const ended = new Set<string>();
    const heard: number[] = [];
    const holds = new Map<Room, () => void>();
    client.on('*', (event) => heard.push(event.seq));

    const happen = () => {
      const id = String(Math.floor(random() * 12));
      if (ended.has(id)) return;
      const isEnd = random() < 0.1;
      if (isEnd) ended.add(id);
      const rooms = ROOMS.filter(() => random() < 0.5);
      server.append({
        ...task(id, isEnd ? { state: 'completed' } : {}),
        rooms: rooms.length > 0 ? rooms : ['execution:elsewhere'],
      });
    };
    server.beforePage = () => {
      if (random() < 0.5) happen();
      if (random() < 0.2) server.cut();
    };

    for (let step = 0; step < 200; step++) {
      const dice = random();
      if (dice < 0.6) happen();
      else if (dice < 0.7) server.cut();
      else if (dice < 0.72) server.takeAway(pick(ROOMS));
      else if (dice < 0.74) server.trimmedTo = server.seq;
      else if (dice < 0.8) server.pageSize = pick([1, 2, Number.POSITIVE_INFINITY]);
      else if (dice < 0.95) {
        const room = pick(ROOMS);
        holds.get(room)?.();
        if (!holds.delete(room)) holds.set(room, client.room(room).hold());
      } else await until(client.status, ({ state }) => state === 'live');
      // Lets the sockets have a turn, or nothing would happen between the steps.
      if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve));
    }

    // From here on nothing is lost, so that the last event is told and not merely shown.
    server.beforePage = () => {};
    server.trimmedTo = 0;
    await until(client.status, ({ state }) => state === 'live');
    server.append({ type: 'x:open', rooms: [...ROOMS, 'user:alice'], data: {} });
    for (const room of holds.keys()) await until(client.room(room), ({ state }) => state === 'whole');
    server.append({ type: 'x:end', rooms: ['user:alice'], data: {} });
    await expect.poll(() => heard.at(-1)).toBe(server.seq);

    const held = [...holds.keys()];
    const shown = client
      .view('tasks', { open: true })
      .getSnapshot()
      .map((row) => row.seq);
    expect(shown.toSorted((a, b) => a - b)).toEqual(openRows(server, held));
    expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
    for (const room of held.filter((name) => name.startsWith('execution:'))) {
      const known = client
        .history(room)
        .getSnapshot()
        .map(({ seq }) => seq);
      const all = server.log.filter((event) => event.rooms.includes(room)).map(({ seq }) => seq);
      expect(known).toEqual(all.slice(all.length - known.length));
    }
  },
);
