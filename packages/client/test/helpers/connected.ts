import { onTestFinished } from 'vitest';
import { type ClientOptions, createClient, type Readable, type RealtimeClient } from '../../src/index.ts';
import type { ScriptedServer } from './scripted-server.ts';

/** A client of a scripted server, with short waits, that ends with the test. */
export function clientOf(server: ScriptedServer, options: ClientOptions = {}): RealtimeClient {
  const client = createClient({
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
): Promise<RealtimeClient> {
  const client = clientOf(server, options);
  client.connect();
  await live(client);
  return client;
}
