import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stands in for an engine with its plugin, in a hundredth of the time: it has the tasks that it is given, answers what
 * commands ask of it over REST, and tells the gateway what came of it as the relay does, in order and until it is taken.
 *
 * @param {{ tell: (command: object) => Promise<boolean> }} options `tell`: posts what one command of the engine has
 *   committed; whether it was taken
 */
export async function startToldEngine({ tell }) {
  const tasks = new Map();
  const asked = [];
  /** @type {{ path: RegExp, meet: (request: string) => Promise<'refuse' | undefined> }[]} */
  const held = [];
  let isOver = false;
  let relayed = Promise.resolve();

  /** What was committed goes out behind what was committed before. */
  function commit(events) {
    const command = { id: randomUUID(), committedAt: Date.now(), events };
    relayed = relayed.then(async () => {
      while (!isOver && !(await tell(command).catch(() => false))) await sleep(20);
    });
    return relayed;
  }

  const eventOf = ({ form: _, ...task }, event) => ({ kind: 'task', event, ...task });

  function finish(task) {
    const endTime = new Date().toISOString();
    tasks.set(task.id, { ...task, deleteReason: 'completed', endTime });
    commit([eventOf(tasks.get(task.id), 'complete')]);
  }

  function give(task, assignee) {
    task.assignee = assignee;
    commit([eventOf(task, 'update')]);
  }

  function act(method, path, body) {
    const url = new URL(path, 'http://engine');
    const [, kind, id, verb] = url.pathname.split('/');
    if (kind === 'history') {
      const found = url.pathname === '/history/task' && tasks.get(url.searchParams.get('taskId'));
      return [200, found ? [found] : []];
    }
    const task = kind === 'task' ? tasks.get(id) : undefined;
    if (!task || task.deleteReason)
      return method === 'GET'
        ? [404, { type: 'InvalidRequestException', message: `No matching task with id ${id}` }]
        : [500, { type: 'NullValueException', message: `Cannot find task with id ${id}: task is null` }];
    if (verb === 'deployed-form') return [200, task.form];
    if (verb === 'form-variables') return [200, {}];
    if (method === 'GET')
      return [200, { ...task, ...(task.form ? { camundaFormRef: { key: task.form.id } } : {}) }];
    if (verb === 'claim' && task.assignee && task.assignee !== body.userId)
      return [500, { type: 'TaskAlreadyClaimedException', message: 'Taken.' }];
    if (verb === 'claim' || verb === 'assignee') give(task, body.userId);
    else if (verb === 'unclaim') give(task, null);
    else finish(task);
    return [204];
  }

  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = request.url.replace('/engine-rest', '');
    asked.push(`${request.method} ${path}`);
    const at = held.findIndex((one) => one.path.test(path));
    const fate = at < 0 ? undefined : await held.splice(at, 1)[0].meet(path);
    if (fate) {
      const refusal = { type: 'TaskAlreadyClaimedException', message: 'Taken.' };
      return response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
    }
    const [status, answer] = act(request.method, path, text === '' ? {} : JSON.parse(text));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(answer === undefined ? '' : JSON.stringify(answer));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    url: `http://127.0.0.1:${server.address().port}/engine-rest`,
    /** What was asked of it, as `METHOD /path`. */
    asked,
    /**
     * Begins a task, in an instance of its own that belongs to an execution.
     *
     * @param {{ id: string, name: string, execution: string, groups?: string[], form?: object, [field: string]: unknown }} task
     *   `form`: a schema of form-js; the rest as the plugin tells it
     */
    open({ execution, groups = [], ...task }) {
      const processInstanceId = `process-of-${task.id}`;
      const instance = { processInstanceId, processDefinitionKey: 'order', processDefinitionName: 'Order' };
      const startTime = new Date().toISOString();
      const whole = {
        assignee: null,
        taskDefinitionKey: task.id,
        startTime,
        priority: 50,
        ...instance,
        ...task,
      };
      tasks.set(task.id, whole);
      const begun = {
        ...{ kind: 'process', event: 'start', id: processInstanceId, businessKey: execution },
        ...{ startTime, ...instance },
      };
      const links = groups.map((groupId) => ({
        ...{ kind: 'identityLink', event: 'add', taskId: task.id, groupId, type: 'candidate' },
      }));
      return commit([begun, ...links, eventOf(whole, 'create')]);
    },
    /**
     * Keeps the next request to such a path waiting.
     *
     * @returns {{ met: Promise<string>, go: (how?: 'refuse') => void }} `met`: it is here; `go`: it is done, or
     *   refused since somebody else has the task
     */
    hold(path) {
      let go;
      let meet;
      const told = new Promise((resolve) => {
        go = resolve;
      });
      const met = new Promise((resolve) => {
        meet = resolve;
      });
      held.push({
        path,
        meet(request) {
          meet(request);
          return told;
        },
      });
      return { met, go };
    },
    /** Until the gateway has taken everything. */
    told: () => relayed,
    async stop() {
      isOver = true;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
