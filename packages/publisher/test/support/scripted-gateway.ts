import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { PublishedEvent } from '../../src/index.ts';

/** How a request is answered instead of being taken. */
export type Fault =
  | { status: number; body?: unknown; headers?: Record<string, string>; isTaken?: boolean }
  /** The connection breaks; `taken`: after the events have entered. */
  | 'cut'
  | 'taken'
  /** There is no answer at all. */
  | 'silence';

/** A batch as it came. */
export interface Request {
  events: PublishedEvent[];
  headers: IncomingHttpHeaders;
  at: number;
}

/** A gateway with a log in memory, whose faults and lives a test says. */
export interface ScriptedGateway {
  url: string;
  /** The life of its log. */
  epoch: string;
  /** What it says of how long it may lose what it has. */
  settle: number;
  /** Ids, in the order of the log. */
  log: string[];
  requests: Request[];
  /** Connections that were made. */
  connections: number;
  /** The most requests that were under way at once. */
  atOnce: number;
  /** The next requests are answered so, one after the other. */
  faults: Fault[];
  /** Ids that it refuses for good. */
  refuses: Set<string>;
  /** The ids of each batch. */
  readonly batches: string[][];
  /** The log goes back to so many events, in another life. */
  fork(epoch: string, length: number): void;
  /** Answers whatever hangs, as it would have. */
  release(): void;
}

/** Starts one on the loopback; it is gone when the test ends. */
export async function startScripted(begin: Partial<ScriptedGateway> = {}): Promise<ScriptedGateway> {
  const hanging: (() => void)[] = [];
  let underWay = 0;

  const gateway: ScriptedGateway = {
    url: '',
    epoch: 'e1',
    settle: 0,
    log: [],
    requests: [],
    connections: 0,
    atOnce: 0,
    faults: [],
    refuses: new Set(),
    get batches() {
      return this.requests.map(({ events }) => events.map(({ id }) => id));
    },
    fork(epoch, length) {
      this.epoch = epoch;
      this.log.length = length;
    },
    release() {
      for (const answer of hanging.splice(0)) answer();
    },
    ...begin,
  };

  function take(events: PublishedEvent[]): unknown {
    const results = events.map(({ id }, place) => {
      if (gateway.refuses.has(id)) {
        const error = { code: 'invalid', message: 'no', retryable: false, field: `${place}.data.${id}` };
        return { id, status: 'refused', error };
      }
      const known = gateway.log.indexOf(id);
      if (known >= 0) return { id, status: 'known', seq: known + 1 };
      return { id, status: 'new', seq: gateway.log.push(id) };
    });
    return { epoch: gateway.epoch, seq: gateway.log.length, settle: gateway.settle, results };
  }

  function send(response: ServerResponse, status: number, body: unknown, headers = {}): void {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  const server = createServer(async (request, response) => {
    gateway.atOnce = Math.max(gateway.atOnce, ++underWay);
    response.on('close', () => underWay--);
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const events = JSON.parse(text) as PublishedEvent[];
    gateway.requests.push({ events, headers: request.headers, at: performance.now() });
    const fault = gateway.faults.shift();
    if (fault === undefined) return send(response, 200, take(events));
    if (fault === 'silence') return void hanging.push(() => send(response, 200, take(events)));
    if (fault === 'taken') take(events);
    if (typeof fault === 'string') return void response.destroy();
    send(response, fault.status, fault.body ?? {}, fault.headers);
  });
  server.on('connection', () => gateway.connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return gateway;
}
