import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A process instance or a task, as the engine's history tells it. */
export interface Item {
  id: string;
  startTime: string;
  endTime: string | null;
  [field: string]: unknown;
}

/** Answers in the engine's place; `undefined`: it answers itself. */
export type Fault = (path: string, response: ServerResponse) => true | undefined | Promise<true | undefined>;

/** The REST API of an engine that has just what a test gives it. */
export interface RestEngine {
  url: string;
  processes: Map<string, Item>;
  tasks: Map<string, Item>;
  /** Candidate groups, by the task's id. */
  groups: Map<string, string[]>;
  /** What was asked, in order. */
  asked: string[];
  fault: Fault | undefined;
  /** The account that is let in; none: anybody. */
  account: string | undefined;
}

/** A time of the engine, so many seconds after noon, with its offset. */
export function at(seconds: number, offset = '+0000'): string {
  return new Date(Date.UTC(2026, 0, 1, 12) + seconds * 1000).toISOString().replace('Z', offset);
}

const instant = (text: unknown) => Date.parse(String(text).replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));

/** Starts one; it ends with the test. */
export async function startRestEngine(): Promise<RestEngine> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const engine: RestEngine = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/engine-rest`,
    processes: new Map(),
    tasks: new Map(),
    groups: new Map(),
    asked: [],
    fault: undefined,
    account: undefined,
  };
  const open = (items: Map<string, Item>) => [...items.values()].filter(({ endTime }) => endTime === null);
  const runtime = () =>
    open(engine.tasks).map((item) => ({ lastUpdated: null, created: item.startTime, ...item }));

  function listOf(path: string, query: URLSearchParams, ids: Record<string, string[]>): object[] | undefined {
    const since = (name: string, field: string, items: object[]) => {
      const from = query.get(name);
      return from === null
        ? items
        : items.filter((item) => instant((item as Record<string, unknown>)[field]) >= instant(from));
    };
    const history = (all: Map<string, Item>) => {
      const items = query.get('unfinished') === 'true' ? open(all) : [...all.values()];
      const ended = query.has('finishedAfter') || query.get('sortBy') === 'endTime';
      return since(
        'finishedAfter',
        'endTime',
        since('startedAfter', 'startTime', ended ? items.filter(({ endTime }) => endTime) : items),
      );
    };
    const only = (items: object[], names: string[] | undefined) =>
      names ? items.filter((item) => names.includes((item as Item).id)) : items;
    switch (path) {
      case '/history/process-instance':
        return only(history(engine.processes), ids.processInstanceIds);
      case '/process-instance':
        return only(open(engine.processes), ids.processInstanceIds);
      case '/history/task': {
        const taskId = query.get('taskId');
        return only(history(engine.tasks), taskId === null ? undefined : [taskId]);
      }
      case '/task': {
        const items = only(runtime(), ids.taskIdIn) as Item[];
        const from = query.get('updatedAfter');
        const changed = items.filter(
          (item) => from === null || instant(item.lastUpdated ?? item.created) > instant(from),
        );
        if (ids.withCandidateUsers) return [];
        return ids.withCandidateGroups ? changed.filter(({ id }) => engine.groups.has(id)) : changed;
      }
      default:
        return /activity-instance|incident/.test(path) ? [] : undefined;
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url!, 'http://engine');
    const path = url.pathname.replace('/engine-rest', '');
    engine.asked.push(request.url!.replace('/engine-rest', ''));
    if (await engine.fault?.(path, response)) return;
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (engine.account !== undefined && request.headers.authorization !== engine.account)
      return void json(401, { message: 'who is this?' });
    const links = /^\/task\/([^/]+)\/identity-links$/.exec(path);
    if (links) {
      const groups = engine.groups.get(links[1]!) ?? [];
      return void json(
        200,
        groups.map((groupId) => ({ type: 'candidate', userId: null, groupId })),
      );
    }
    const isCount = path.endsWith('/count');
    const list = listOf(path.replace(/\/count$/, ''), url.searchParams, text ? JSON.parse(text) : {});
    if (!list) return void json(404, { message: `no ${path} here` });
    if (isCount) return void json(200, { count: list.length });
    const { searchParams: query } = url;
    const by = query.get('sortBy') ?? 'id';
    const sorted = list.toSorted((a, b) => {
      const [x, y] = [a, b].map((item) => instant((item as Record<string, unknown>)[by]));
      return query.get('sortOrder') === 'desc' ? y! - x! : x! - y!;
    });
    const first = Number(query.get('firstResult') ?? 0);
    json(200, sorted.slice(first, first + Number(query.get('maxResults'))));
  }

  return engine;
}

/** A task that is open since then. */
export function addTask(engine: RestEngine, id: string, started: string, more: object = {}): void {
  engine.tasks.set(id, { id, name: id, startTime: started, endTime: null, priority: 50, ...more });
}

/** Ends a task. */
export function endTask(engine: RestEngine, id: string, ended: string): void {
  engine.tasks.set(id, { ...engine.tasks.get(id)!, endTime: ended, deleteReason: 'completed' });
}
