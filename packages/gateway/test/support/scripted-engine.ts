import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What happens to the answer of the next request that matches. */
type Fate = 'lost' | 'undone' | { status: number; body: object } | (() => Promise<void>);

interface Task {
  id: string;
  assignee: string | null;
  deleteReason: string | null;
  /** The key of its form, one of {@link ScriptedEngine.forms}. */
  camundaFormRef?: { key: string };
  /** What it was completed with by its form. */
  variables?: Record<string, { value: unknown; type?: string }>;
}

interface Instance {
  id: string;
  businessKey: string;
  variables: Record<string, { value: unknown; type?: string }>;
}

/** An engine's REST API with a memory, as far as commands use it, whose answers can be lost. */
export interface ScriptedEngine {
  url: string;
  tasks: Map<string, Task>;
  instances: Instance[];
  /** The messages that were correlated. */
  messages: { processInstanceId: string; command: string; variables: object }[];
  /** The variables that tasks were completed with, by their ids. */
  completions: Map<string, object>;
  /** Incidents that are open. */
  incidents: Set<string>;
  /** External tasks that have no try left. */
  failedTasks: Set<string>;
  /** Schemas of forms, by their keys; a process is started by the form of its own key. */
  forms: Map<string, object>;
  /** What a form begins with. */
  formVariables: Record<string, { type: string; value: unknown }>;
  /** Whether it keeps a history. */
  hasHistory: boolean;
  /** What was asked, as `METHOD /path`. */
  asked: string[];
  /**
   * What becomes of the next request to a path that matches: `lost`: it is done, and the connection breaks before the
   * answer; `undone`: it breaks before anything is done; or an answer in its place; or what has to happen first.
   */
  next(path: RegExp, ...fates: Fate[]): void;
}

/** Starts one; it ends with the test. */
export async function startScriptedEngine(): Promise<ScriptedEngine> {
  const fates: [RegExp, Fate][] = [];
  const engine: Omit<ScriptedEngine, 'url' | 'next'> = {
    tasks: new Map(),
    instances: [],
    messages: [],
    completions: new Map(),
    incidents: new Set(),
    failedTasks: new Set(),
    forms: new Map(),
    formVariables: {},
    hasHistory: true,
    asked: [],
  };

  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape.
  function act(method: string, path: string, body: any): [status: number, body?: unknown] {
    const [route = '', query = ''] = path.split('?');
    const asked = new URLSearchParams(query);
    const [, kind, id = '', verb] = route.split('/');
    if (kind === 'task') {
      const task = engine.tasks.get(id);
      if (!task || task.deleteReason !== null)
        return method === 'GET'
          ? [404, { type: 'InvalidRequestException', message: `No matching task with id ${id}` }]
          : [500, { type: 'NullValueException', message: `Cannot find task with id ${id}: task is null` }];
      if (verb === 'deployed-form') return [200, engine.forms.get(task.camundaFormRef!.key)];
      if (verb === 'form-variables') return [200, engine.formVariables];
      if (method === 'GET') return [200, task];
      if (verb === 'submit-form') task.variables = body.variables;
      if (verb === 'claim' && task.assignee !== null && task.assignee !== body.userId)
        return [500, { type: 'TaskAlreadyClaimedException', message: 'Taken.' }];
      if (verb === 'claim' || verb === 'assignee') task.assignee = body.userId;
      if (verb === 'unclaim') task.assignee = null;
      if (verb === 'complete' || verb === 'submit-form') task.deleteReason = 'completed';
      if (verb === 'complete') engine.completions.set(id, body.variables);
      return [204];
    }
    if (kind === 'process-definition' && method === 'GET') {
      const [, key = '', what] = /^\/process-definition\/key\/([^/]+)\/?(.*)$/.exec(route) ?? [];
      if (what === 'startForm')
        return [200, { key: null, camundaFormRef: engine.forms.has(key) ? { key } : null }];
      if (what === 'deployed-start-form') return [200, engine.forms.get(key)];
      if (what === 'form-variables') return [200, engine.formVariables];
      return [200, { id: `${key}:1:1`, key }];
    }
    if (route.endsWith('/start') || route.endsWith('/submit-form')) {
      const instance = { id: randomUUID(), businessKey: body.businessKey, variables: body.variables };
      engine.instances.push(instance);
      return [200, { id: instance.id }];
    }
    if (route === '/message') {
      const { processInstanceId = 'p-of-key', processVariables, processVariablesLocal } = body;
      const command = processVariablesLocal.netbuildMessageId.value;
      engine.messages.push({ processInstanceId, command, variables: processVariables });
      return [200, [{ resultType: 'Execution', execution: { id: 'e', processInstanceId } }]];
    }
    if (kind === 'incident') {
      if (!engine.incidents.has(id))
        return [404, { type: 'InvalidRequestException', message: `No matching incident with id ${id}` }];
      return [200, { id, incidentType: 'failedJob', configuration: `job-of-${id}` }];
    }
    if (kind === 'job') {
      engine.incidents.delete(id.slice('job-of-'.length));
      return [204];
    }
    if (kind === 'external-task') {
      if (engine.failedTasks.delete(id)) return [204];
      return [404, { type: 'RestException', message: `External task with id ${id} does not exist` }];
    }
    if (kind === 'process-instance') return [200, engine.instances.filter(startedBy(body))];
    if (!engine.hasHistory) return [200, []];
    if (route === '/history/process-instance')
      return [
        200,
        body.variables
          ? engine.instances.filter(startedBy(body))
          : body.finishedAfter
            ? engine.instances
            : [{ id: 'long ago' }],
      ];
    if (route === '/history/task') {
      const task = engine.tasks.get(asked.get('taskId') ?? '');
      return [200, task ? [task] : []];
    }
    if (route === '/history/variable-instance') {
      const value = asked.get('variableValue');
      if (value === null) return [200, [{ id: 'long ago' }]];
      const found = engine.messages.filter((one) => one.command === value);
      return [
        200,
        found.map((one) => ({ id: `v-${one.command}`, processInstanceId: one.processInstanceId })),
      ];
    }
    return [200, []];
  }

  const server = createServer(async (request, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { method = '' } = request;
    const path = (request.url ?? '').replace('/engine-rest', '');
    engine.asked.push(`${method} ${path}`);
    const index = fates.findIndex(([pattern]) => pattern.test(path));
    const fate = index < 0 ? undefined : fates.splice(index, 1)[0]![1];
    if (fate === 'undone') return response.destroy();
    if (typeof fate === 'object') return answer(response, fate.status, fate.body);
    const [status, body] = act(method, path, text === '' ? {} : JSON.parse(text));
    if (fate === 'lost') return response.destroy();
    // It is done, and the answer waits.
    if (typeof fate === 'function') await fate();
    answer(response, status, body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return Object.assign(engine, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/engine-rest`,
    next: (path: RegExp, ...list: Fate[]) =>
      void fates.push(...list.map((fate): [RegExp, Fate] => [path, fate])),
  });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function startedBy({ variables }: { variables: { name: string; value: unknown }[] }) {
  return (instance: Instance) =>
    variables.every(({ name, value }) => instance.variables[name]?.value === value);
}
