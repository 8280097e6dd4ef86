import { RealtimeError } from '@netbuild/realtime-protocol';
import { createDiagrams, type EngineDiagrams } from './diagrams.ts';
import { createEngineRest } from './engine-rest.ts';
import { createForms, type EngineForms } from './forms/forms.ts';
import { createLooking, type Looking, SENT_BY, STARTED_BY } from './looking.ts';
import { createRest, type RestOptions } from './rest.ts';
import { asText, isWithoutJson, type TypedValue, typed, type Variables } from './variables.ts';

/** A start of a process, once. */
export interface Start {
  processDefinitionKey: string;
  businessKey: string;
  variables: Variables;
  /** It is started by its form, whose rules the engine checks as well, where it is a generated one. */
  byForm?: true | undefined;
  /** The domain of who starts it; the instance is its tenant's. Left out: the engine's own. */
  domain?: string | undefined;
  /** Names the start; the instance has it as the variable `netbuildCommandId`, by which {@link Looking.started} finds it. */
  command?: string | undefined;
}

/** A message for a process instance that waits for it. */
export interface Message {
  messageName: string;
  processInstanceId?: string | undefined;
  businessKey?: string | undefined;
  correlationKeys?: Variables | undefined;
  variables: Variables;
  /** The domain of who sends it; none reaches another's instances. Left out: the engine's own. */
  domain?: string | undefined;
  /** Names the message; the scope that it reaches has it as the variable `netbuildMessageId`. */
  command?: string | undefined;
}

/**
 * What commands ask of a process engine. Each call resolves when the engine has committed.
 * Rejections are {@link RealtimeError}s: what the engine refuses, with its words (`engine_refused`, or the code of
 * its exception: `task_closed`, `task_taken`, `no_match`, `contended`, `engine_forbidden`, `not_found`,
 * `incident_closed`); `engine_unreachable` (it was not asked; may be tried again); or `in_doubt` (perhaps it was,
 * and there is no answer of its own).
 */
export interface EngineClient {
  claim(taskId: string, userId: string): Promise<void>;
  unclaim(taskId: string): Promise<void>;
  assign(taskId: string, userId: string): Promise<void>;
  complete(taskId: string, variables: Variables): Promise<void>;
  /** Completes a task by its form, whose rules the engine checks as well, where it is a generated one. */
  submitForm(taskId: string, variables: Variables): Promise<void>;
  start(start: Start): Promise<{ processInstanceId: string }>;
  /** Answers with the instance that the message has reached, or begun. */
  correlate(message: Message): Promise<{ processInstanceId: string }>;
  /** Gives what has failed another try: the job or the external task of an incident. */
  retry(incidentId: string): Promise<void>;
  /** Gives an external task another try; `not_found` where it is over. */
  retryExternalTask(id: string): Promise<void>;
  /** Whether something was done, when an answer was lost. */
  look: Looking;
  /** The forms of tasks and starts. */
  forms: EngineForms;
  /** Process definitions and their models. */
  diagrams: EngineDiagrams;
}

/** Where an engine is, who asks, and for whom. */
export interface EngineClientOptions extends RestOptions {
  /** The domain of what has no tenant in the engine; the tenant of any other domain has its name. Default: all are this one. */
  domain?: string | undefined;
}

/** How many causes an incident may have on its way to what has failed: called instances hand them up, one each. */
const MOST_CAUSES = 20;

/** Talks to an engine over its REST API. */
export function createEngineClient(options: EngineClientOptions): EngineClient {
  const rest = createEngineRest(options);
  const look = createLooking(rest);

  const task = (taskId: string, verb: string, body: object) =>
    rest('POST', `/task/${encodeURIComponent(taskId)}/${verb}`, { body }).then(() => undefined);

  /** What has no tenant in the engine is of its own domain; each other domain is the tenant of its name. */
  const tenantOf = (domain: string | undefined) =>
    options.domain === undefined || domain === options.domain ? undefined : domain;

  function definitionPath(processDefinitionKey: string, domain: string | undefined): string {
    const tenant = tenantOf(domain);
    const of = tenant === undefined ? '' : `/tenant-id/${encodeURIComponent(tenant.toWellFormed())}`;
    return `/process-definition/key/${encodeURIComponent(processDefinitionKey.toWellFormed())}${of}`;
  }

  /** Until it says otherwise, an engine has Spin; one that gets it later is started anew, and so is the gateway. */
  let hasJson = true;

  /** Asks with variables; an engine without Spin gets what is JSON as text. */
  async function withVariables<T>(
    variables: Variables,
    ask: (variables: Record<string, TypedValue>) => Promise<T>,
  ): Promise<T> {
    const wanted = typed(variables);
    if (!hasJson) return ask(asText(wanted));
    try {
      return await ask(wanted);
    } catch (error) {
      if (!(error instanceof RealtimeError && isWithoutJson(error.message))) throw error;
      hasJson = false;
      return ask(asText(wanted));
    }
  }

  async function failedIn(incidentId: string) {
    let id = incidentId;
    for (let i = 0; i < MOST_CAUSES; i++) {
      const incident = await look.incident(id);
      if (!incident) throw new RealtimeError('incident_closed');
      const { configuration, incidentType, rootCauseIncidentId } = incident;
      if (configuration !== undefined) return { configuration, incidentType };
      if (rootCauseIncidentId === undefined || rootCauseIncidentId === id) break;
      id = rootCauseIncidentId;
    }
    throw new RealtimeError('engine_refused', {
      message: 'This incident is about nothing that could be tried again.',
    });
  }

  return {
    claim: (taskId, userId) => task(taskId, 'claim', { userId }),
    unclaim: (taskId) => task(taskId, 'unclaim', {}),
    assign: (taskId, userId) => task(taskId, 'assignee', { userId }),
    complete: (taskId, variables) =>
      withVariables(variables, (wanted) => task(taskId, 'complete', { variables: wanted })),
    submitForm: (taskId, variables) =>
      withVariables(variables, (wanted) => task(taskId, 'submit-form', { variables: wanted })),
    start: async ({ processDefinitionKey, businessKey, variables, byForm, domain, command }) => {
      const path = `${definitionPath(processDefinitionKey, domain)}/${byForm ? 'submit-form' : 'start'}`;
      const started = await withVariables(variables, (wanted) =>
        rest('POST', path, { body: { businessKey, variables: { ...wanted, ...mark(STARTED_BY, command) } } }),
      );
      return { processInstanceId: idOf((started as { id?: unknown } | undefined)?.id) };
    },
    correlate: async ({
      messageName,
      processInstanceId,
      businessKey,
      correlationKeys,
      variables,
      domain,
      command,
    }) => {
      const tenant = tenantOf(domain);
      const body = {
        messageName,
        processInstanceId,
        businessKey,
        correlationKeys: correlationKeys && typed(correlationKeys),
        processVariablesLocal: mark(SENT_BY, command),
        resultEnabled: true,
        // An instance has its tenant, and the engine refuses to be told.
        ...(processInstanceId === undefined
          ? tenant === undefined
            ? { withoutTenantId: true }
            : { tenantId: tenant }
          : {}),
      };
      const reached = (await withVariables(variables, (processVariables) =>
        rest('POST', '/message', { body: { ...body, processVariables } }),
      )) as Reached[] | undefined;
      const first = Array.isArray(reached) ? reached[0] : undefined;
      return { processInstanceId: idOf(first?.execution?.processInstanceId ?? first?.processInstance?.id) };
    },
    async retry(incidentId) {
      const { configuration, incidentType } = await failedIn(incidentId);
      const kind = RETRIED[incidentType];
      if (!kind)
        throw new RealtimeError('engine_refused', {
          message: `There are no retries for an incident of type ${incidentType}.`,
        });
      const path = `/${kind}/${encodeURIComponent(configuration)}/retries`;
      await rest('PUT', path, { body: { retries: 1 } }).catch((error: unknown) => {
        // It has come to its end meanwhile.
        const isGone = error instanceof RealtimeError && error.code === 'not_found';
        throw isGone ? new RealtimeError('incident_closed', { message: error.message }) : error;
      });
    },
    retryExternalTask: (id) =>
      rest('PUT', `/external-task/${encodeURIComponent(id)}/retries`, { body: { retries: 1 } }).then(
        () => undefined,
      ),
    look,
    forms: createForms(rest, definitionPath),
    diagrams: createDiagrams(createRest(options), { pathOf: definitionPath, tenantOf }),
  };
}

/** What is tried again, by the type of its incident. */
const RETRIED: Record<string, string | undefined> = {
  failedJob: 'job',
  failedExternalTask: 'external-task',
};

interface Reached {
  execution?: { processInstanceId?: unknown } | null;
  processInstance?: { id?: unknown } | null;
}

function mark(name: string, command: string | undefined): Record<string, TypedValue> {
  return command === undefined ? {} : { [name]: { value: command, type: 'String' } };
}

/** Success without it is not the engine's. */
function idOf(id: unknown): string {
  if (typeof id !== 'string') throw new RealtimeError('in_doubt');
  return id;
}
