import { RealtimeError } from '@netbuild/realtime-protocol';
import type { EngineRest } from './engine-rest.ts';
import { engineTime } from './variables.ts';

/** The variable by which an instance is known that a command has started. */
export const STARTED_BY = 'netbuildCommandId';

/** The variable by which a message is known that a command has sent. */
export const SENT_BY = 'netbuildMessageId';

/** Milliseconds by which the engine's clock may be behind. */
const CLOCKS_DIFFER = 60_000;

/** A user task as the engine has it now, or remembers it. */
export type SeenTask =
  | { state: 'open'; assignee: string | undefined }
  | { state: 'completed' | 'cancelled'; assignee: string | undefined }
  /** Neither the engine nor its history knows it. */
  | { state: 'gone' };

/** A process instance that was looked for by the command that should have made, or reached it. */
export type SeenInstance =
  | { processInstanceId: string }
  | 'none'
  /** There may have been one: the history does not say enough. */
  | 'unknown';

/** What a retry, or a node that takes a command up again, asks the engine: whether it has been done. */
export interface Looking {
  task(taskId: string): Promise<SeenTask>;
  /** The instance that a command has started. */
  started(command: {
    command: string;
    processDefinitionKey: string;
    businessKey: string;
    since: string;
  }): Promise<SeenInstance>;
  /** The instance that a command's message has reached, or begun. */
  correlated(message: { command: string; processInstanceId?: string | undefined }): Promise<SeenInstance>;
  /** An incident that is not over. */
  incident(incidentId: string): Promise<SeenIncident | undefined>;
}

/** An incident as the engine has it. */
export interface SeenIncident {
  incidentType: string;
  /** The job, or the external task, that has failed. */
  configuration: string | undefined;
  rootCauseIncidentId: string | undefined;
}

/** Looks over an engine's REST API. */
export function createLooking(rest: EngineRest): Looking {
  async function list(method: 'GET' | 'POST', path: string, body?: object): Promise<Found[]> {
    const found = await rest(method, path, body ? { body } : {});
    if (!Array.isArray(found)) throw new RealtimeError('in_doubt');
    return found as Found[];
  }

  async function one(path: string): Promise<Found | undefined> {
    try {
      const found = await rest('GET', path);
      if (typeof (found as Found | null)?.id !== 'string') throw new RealtimeError('in_doubt');
      return found as Found;
    } catch (error) {
      if (error instanceof RealtimeError && GONE.has(error.code)) return undefined;
      throw error;
    }
  }

  /** Whether a process instance may have been there that no variable tells of: the history's level is too low. */
  async function mayHaveEnded(processDefinitionKey: string, businessKey: string, since: string) {
    const [any] = await list('POST', '/history/process-instance?maxResults=1', {});
    if (!any) return true;
    const finishedAfter = engineTime(new Date(Date.parse(since) - CLOCKS_DIFFER).toISOString());
    const body = { processDefinitionKey, processInstanceBusinessKey: businessKey, finishedAfter };
    const candidates = await list('POST', '/history/process-instance?maxResults=1', body);
    if (candidates.length === 0) return false;
    const [variable] = await list('GET', '/history/variable-instance?maxResults=1');
    return variable === undefined;
  }

  return {
    async task(taskId) {
      const id = encodeURIComponent(taskId);
      const open = await one(`/task/${id}`);
      if (open) return { state: 'open', assignee: open.assignee ?? undefined };
      const [past] = await list('GET', `/history/task?taskId=${id}`);
      if (!past) return { state: 'gone' };
      const state = past.deleteReason === 'completed' ? 'completed' : 'cancelled';
      return { state, assignee: past.assignee ?? undefined };
    },
    async started({ command, processDefinitionKey, businessKey, since }) {
      const body = {
        processDefinitionKey,
        // A called instance may be given all variables of the one that calls it.
        rootProcessInstances: true,
        variables: [{ name: STARTED_BY, operator: 'eq', value: command }],
      };
      for (const path of ['/process-instance', '/history/process-instance']) {
        const [found] = await list('POST', path, body);
        if (found) return { processInstanceId: found.id };
      }
      return (await mayHaveEnded(processDefinitionKey, businessKey, since)) ? 'unknown' : 'none';
    },
    async correlated({ command, processInstanceId }) {
      const query = `variableName=${SENT_BY}`;
      const value = encodeURIComponent(command);
      const [own] = await list('GET', `/history/variable-instance?${query}&variableValue=${value}`);
      if (own?.processInstanceId) return { processInstanceId: own.processInstanceId };
      if (processInstanceId === undefined) return (await hasVariables(list)) ? 'none' : 'unknown';
      // What is sent to an event sub-process stands in the instance itself, and the next one overwrites it.
      const id = encodeURIComponent(processInstanceId);
      const later = await list('GET', `/history/variable-instance?${query}&processInstanceId=${id}`);
      for (const { id: variable } of later) {
        const path = `/history/detail?variableUpdates=true&variableInstanceId=${encodeURIComponent(variable)}`;
        if ((await list('GET', path)).some(({ value }) => value === command)) return { processInstanceId };
      }
      return later.length > 0 || (await hasVariables(list)) ? 'none' : 'unknown';
    },
    async incident(incidentId) {
      const found = await one(`/incident/${encodeURIComponent(incidentId)}`);
      return (
        found && {
          incidentType: found.incidentType ?? '',
          configuration: found.configuration ?? undefined,
          rootCauseIncidentId: found.rootCauseIncidentId ?? undefined,
        }
      );
    },
  };
}

/** How the REST API says that something is not there; a page in its place says nothing of the kind. */
const GONE = new Set<RealtimeError['code']>(['not_found', 'task_closed']);

/** Whether the history's level holds variables, as far as it has ever had one. */
async function hasVariables(list: (method: 'GET', path: string) => Promise<Found[]>): Promise<boolean> {
  return (await list('GET', '/history/variable-instance?maxResults=1')).length > 0;
}

/** What the answers have, of which each has some. */
interface Found {
  id: string;
  assignee?: string | null;
  deleteReason?: string | null;
  processInstanceId?: string | null;
  value?: unknown;
  incidentType?: string;
  configuration?: string | null;
  rootCauseIncidentId?: string | null;
}
