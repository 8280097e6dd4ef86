import type { Room } from '@netbuild/realtime-protocol';
import { onTestFinished } from 'vitest';
import { clientOn } from '../../src/client.ts';
import { TIMING, type Timing } from '../../src/core/timing.ts';
import type { ClientOptions, Readable, RealtimeClient } from '../../src/index.ts';
import type { ScriptedServer } from './scripted-server.ts';

/** A client of a scripted server, with short waits, that ends with the test. */
export function clientOf(
  server: ScriptedServer,
  options: ClientOptions = {},
  timing: Timing = TIMING,
): RealtimeClient {
  const client = clientOn(timing, {
    url: server.url,
    token: 'alice',
    backoff: { base: 20, limit: 40 },
    ...options,
  });
  onTestFinished(() => client.disconnect());
  return client;
}

/** Waits until a value is as it should be; the test's own timeout is the limit. */
export function until<T>(readable: Readable<T>, holds: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const check = () => {
      const value = readable.getSnapshot();
      if (!holds(value)) return;
      stop?.();
      resolve(value);
    };
    const stop = readable.subscribe(check);
    check();
  });
}

/** Waits until what is shown is what is. */
export const live = (client: RealtimeClient) => until(client.status, (status) => status.state === 'live');

/** A client that is connected and caught up. */
export async function liveClient(
  server: ScriptedServer,
  options: ClientOptions = {},
  timing: Timing = TIMING,
): Promise<RealtimeClient> {
  const client = clientOf(server, options, timing);
  client.connect();
  await live(client);
  return client;
}

/** A client that holds a room and has all of it. */
export async function clientIn(
  server: ScriptedServer,
  room: Room,
  timing: Timing = TIMING,
): Promise<RealtimeClient> {
  const client = await liveClient(server, {}, timing);
  client.room(room).hold();
  await until(client.room(room), ({ state }) => state === 'whole');
  return client;
}
