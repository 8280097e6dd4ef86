import type { EngineClient, FormPlace } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import {
  COMMANDS,
  type CommandAck,
  check,
  type FormAnswer,
  RealtimeError,
  subject,
  type TaskData,
} from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import { bearer, type Tokens } from '../auth/token.ts';
import type { Execute } from '../commands/commands.ts';
import type { Forms } from '../forms/forms.ts';
import { dataOf } from '../rows.ts';
import { formAnswer, submittedAnswer } from './answers.ts';
import { COMMAND_ERRORS } from './commands.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

/** What the routes of forms need. */
export interface FormRouteTools {
  log: Pick<Log, 'rows'>;
  tokens: Pick<Tokens, 'verify'>;
  policy: Pick<Policy, 'assertMay'>;
  forms: Pick<Forms, 'show'>;
  engineOf: (name?: string) => EngineClient | undefined;
  execute: Execute;
}

const id = z.string().min(1).max(255);
const ofTask = z.object({ taskId: id });
const ofProcess = z.object({ processDefinitionKey: id });
const engineQuery = z.object({ engine: id.optional() });
const { commandId, form, data, businessKey, title, engine } = COMMANDS['form:submit'].shape;
const filledIn = z.object({ commandId, form, data });
const filledInForStart = z.object({ commandId, form, data, businessKey, title, engine });

const shown = {
  who: 'person',
  answers: { 200: { doc: 'The form, and what its fields have to begin with.', schema: formAnswer } },
  errors: [
    'invalid',
    'not_found',
    'form_unsupported',
    'no_engine',
    'engine_unreachable',
    'engine_refused',
    'engine_forbidden',
  ],
} as const satisfies Partial<RouteDoc>;

const submitted = {
  who: 'person',
  answers: { 200: { doc: 'It is submitted; the position has the effect.', schema: submittedAnswer } },
  errors: [...COMMAND_ERRORS, 'not_assignee', 'task_closed', 'form_changed', 'form_unsupported'],
} as const satisfies Partial<RouteDoc>;

/** A route's list of errors is its own. */
const docOf = (
  doc: Omit<RouteDoc, 'who' | 'answers'>,
  common: typeof shown | typeof submitted,
): RouteDoc => ({
  ...common,
  errors: [...common.errors],
  ...doc,
});

/** Adds `GET` and `POST` of `/v1/tasks/:taskId/form` and `/v1/processes/:processDefinitionKey/form`. */
export function addFormRoutes(server: FastifyInstance, tools: FormRouteTools): void {
  const { log, tokens, policy, forms, engineOf, execute } = tools;
  const task = '/v1/tasks/:taskId/form';
  const start = '/v1/processes/:processDefinitionKey/form';

  const taskForm = docOf({ name: 'taskForm', doc: 'The form of a task.', params: ofTask }, shown);
  server.get(task, { config: { doc: taskForm } }, async (request) => {
    const actor = await actorOf(request);
    const { taskId } = check(ofTask, request.params);
    await policy.assertMay(actor, 'task:complete', { taskId });
    const [row] = await log.rows(actor.domainId, [subject('task', taskId)]);
    const { state, assignee, engine: name } = dataOf<TaskData>(row!);
    if (state !== 'open') throw new RealtimeError('task_closed');
    // A candidate decides by the form; what the process knows is for who has the task.
    return show(actor, name, { taskId }, assignee === actor.userId);
  });

  const startForm = docOf(
    {
      name: 'startForm',
      doc: 'The form by which a process is started.',
      params: ofProcess,
      query: engineQuery,
    },
    shown,
  );
  server.get(start, { config: { doc: startForm } }, async (request) => {
    const actor = await actorOf(request);
    const { processDefinitionKey } = check(ofProcess, request.params);
    const { engine: name } = check(engineQuery, request.query);
    await policy.assertMay(actor, 'process:start', { processDefinitionKey, commandId: 'form', engine: name });
    return show(actor, name, { processDefinitionKey, domain: actor.domainId }, true);
  });

  const submitTaskForm = docOf(
    {
      name: 'submitTaskForm',
      doc: 'Fills in the form of a task, and completes it.',
      params: ofTask,
      body: filledIn,
    },
    submitted,
  );
  server.post(task, { config: { doc: submitTaskForm } }, async (request) => {
    const actor = await actorOf(request);
    return submit(actor, { ...check(filledIn, request.body), ...check(ofTask, request.params) });
  });

  const submitStartForm = docOf(
    {
      name: 'submitStartForm',
      doc: 'Fills in the form by which a process is started, and starts it.',
      params: ofProcess,
      body: filledInForStart,
    },
    submitted,
  );
  server.post(start, { config: { doc: submitStartForm } }, async (request) => {
    const actor = await actorOf(request);
    return submit(actor, { ...check(filledInForStart, request.body), ...check(ofProcess, request.params) });
  });

  const actorOf = ({ headers }: FastifyRequest): Promise<Actor> =>
    tokens.verify(bearer(headers.authorization));

  async function show(
    _actor: Actor,
    name: string | undefined,
    place: FormPlace,
    withValues: boolean,
  ): Promise<FormAnswer> {
    const client = engineOf(name);
    if (!client) throw new RealtimeError('no_engine');
    return forms.show(client, place, withValues);
  }

  async function submit(actor: Actor, input: object) {
    const ack = (await execute(actor, 'form:submit', input)) as CommandAck<'form:submit'>;
    if (!ack.success) {
      const { code, ...details } = ack.error;
      throw new RealtimeError(code, details);
    }
    const { success: _success, ...done } = ack;
    return done;
  }
}
