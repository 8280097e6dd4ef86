import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stands in for an engine with its plugin, in a hundredth of the time: it has the tasks that it is given, answers what
 * commands ask of it over REST, and tells the gateway what came of it as the relay does, in order and until it is taken.
 *
 * @param {{ tell: (command: object) => Promise<boolean>, now?: () => number, definitions?: { id: string, key: string, name: string, version: number, xml: string }[] }} options
 *   `tell`: posts what one command of the engine has committed; whether it was taken; `now`: its clock
 */
export async function startToldEngine({ tell, now = Date.now, definitions = [] }) {
  const tasks = new Map();
  const asked = [];
  /** @type {{ path: RegExp, meet: (request: string) => Promise<'refuse' | undefined> }[]} */
  const held = [];
  let isOver = false;
  let relayed = Promise.resolve();

  const time = () => new Date(now()).toISOString();

  /** What was committed goes out behind what was committed before. */
  function commit(events, userId) {
    const command = { id: randomUUID(), committedAt: now(), userId, events };
    relayed = relayed.then(async () => {
      while (!isOver && !(await tell(command).catch(() => false))) await sleep(20);
    });
    return relayed;
  }

  const eventOf = ({ form: _, ...task }, event) => ({ kind: 'task', event, ...task });

  function finish(task) {
    tasks.set(task.id, { ...task, deleteReason: 'completed', endTime: time() });
    return commit([eventOf(tasks.get(task.id), 'complete')]);
  }

  function give(task, assignee) {
    task.assignee = assignee;
    commit([eventOf(task, 'update')]);
  }

  function ofDefinition(id, verb) {
    if (id === undefined) return [200, definitions];
    const found = definitions.find((one) => one.id === id || (id === 'key' && one.key === verb));
    if (!found) return [404, { type: 'RestException', message: `No matching definition with id ${id}` }];
    return [200, verb === 'xml' ? { id, bpmn20Xml: found.xml } : found];
  }

  function ofTask(method, id, verb, body) {
    const task = tasks.get(id);
    if (!task || task.deleteReason)
      return method === 'GET'
        ? [404, { type: 'InvalidRequestException', message: `No matching task with id ${id}` }]
        : [500, { type: 'NullValueException', message: `Cannot find task with id ${id}: task is null` }];
    if (verb === 'deployed-form') return [200, task.form];
    if (verb === 'form-variables') return [200, {}];
    if (method === 'GET')
      return [200, { ...task, ...(task.form ? { camundaFormRef: { key: task.form.id } } : {}) }];
    if (verb === 'claim' && task.assignee && task.assignee !== body.userId) return TAKEN;
    if (verb === 'claim' || verb === 'assignee') give(task, body.userId);
    else if (verb === 'unclaim') give(task, null);
    else finish(task);
    return [204];
  }

  function act(method, path, body) {
    const { pathname, searchParams } = new URL(path, 'http://engine');
    const [, kind, id, verb] = pathname.split('/');
    if (kind === 'task') return ofTask(method, id, verb, body);
    if (kind === 'process-definition') return ofDefinition(id && decodeURIComponent(id), verb);
    const found = pathname === '/history/task' && tasks.get(searchParams.get('taskId'));
    return [200, found ? [found] : []];
  }

  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = request.url.replace('/engine-rest', '');
    asked.push(`${request.method} ${path}`);
    const at = held.findIndex((one) => one.path.test(path));
    const fate = at < 0 ? undefined : await held.splice(at, 1)[0].meet(path);
    const [status, answer] = fate ? TAKEN : act(request.method, path, text === '' ? {} : JSON.parse(text));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(answer === undefined ? '' : JSON.stringify(answer));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    url: `http://127.0.0.1:${server.address().port}/engine-rest`,
    /** What was asked of it, as `METHOD /path`. */
    asked,
    /** Commits something else, as the plugin tells it; `userId`: who has done it. */
    commit,
    /**
     * Begins a task. One without an instance gets one of its own, that belongs to an execution.
     *
     * @param {{ id: string, name: string, execution?: string, groups?: string[], form?: object, [field: string]: unknown }} task
     *   `form`: a schema of form-js; the rest as the plugin tells it
     */
    open({ execution, groups = [], ...task }) {
      const instance = {
        ...{ processInstanceId: `process-of-${task.id}` },
        ...{ processDefinitionKey: 'order', processDefinitionName: 'Order' },
      };
      const startTime = time();
      const whole = {
        ...{ assignee: null, taskDefinitionKey: task.id, startTime, priority: 50 },
        ...instance,
        ...task,
      };
      tasks.set(task.id, whole);
      const begun = {
        ...{ kind: 'process', event: 'start', id: instance.processInstanceId, businessKey: execution },
        ...{ startTime, ...instance },
      };
      const links = groups.map((groupId) => ({
        ...{ kind: 'identityLink', event: 'add', taskId: task.id, groupId, type: 'candidate' },
        processInstanceId: whole.processInstanceId,
      }));
      return commit([...(task.processInstanceId ? [] : [begun]), ...links, eventOf(whole, 'create')]);
    },
    /** Ends a task, as one does in the engine itself. */
    complete: (id) => finish(tasks.get(id)),
    /**
     * Keeps the next request to such a path waiting.
     *
     * @returns {{ met: Promise<string>, go: (how?: 'refuse') => void }} `met`: it is here; `go`: it is done, or
     *   refused since somebody else has the task
     */
    hold(path) {
      const [told, met] = [Promise.withResolvers(), Promise.withResolvers()];
      held.push({
        path,
        meet(request) {
          met.resolve(request);
          return told.promise;
        },
      });
      return { met: met.promise, go: told.resolve };
    },
    async stop() {
      isOver = true;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const TAKEN = [500, { type: 'TaskAlreadyClaimedException', message: 'Somebody else has it.' }];
