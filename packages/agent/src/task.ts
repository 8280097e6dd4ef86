import type { ExternalTask, Variables } from '@netbuild/realtime-engine';
import type { Result } from './agent.ts';

/** A task as an agent gets it. */
export interface AgentTask {
  /** The engine's id of the external task. */
  id: string;
  /** Plain values; what is JSON in the engine is parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: what they are is between the model and its agent.
  variables: Record<string, any>;
  processInstanceId: string | undefined;
  businessKey: string | undefined;
  /** The element of the diagram. */
  activityId: string | undefined;
  /** Tries that are left; none: it has never failed. */
  retries: number | undefined;
}

/** A task of the engine, as an agent gets it. */
export function agentTask(task: ExternalTask): AgentTask {
  return {
    id: task.id,
    variables: Object.fromEntries(
      Object.entries(task.variables).map(([name, variable]) => [name, plain(variable)]),
    ),
    processInstanceId: task.processInstanceId ?? undefined,
    businessKey: task.businessKey ?? undefined,
    activityId: task.activityId ?? undefined,
    retries: task.retries ?? undefined,
  };
}

function plain({ type, value }: { type?: string; value?: unknown }): unknown {
  if (typeof value !== 'string' || !/^(json|object)$/i.test(type ?? '')) return value;
  try {
    return JSON.parse(value);
  } catch {
    // Another serialisation than JSON: its text.
    return value;
  }
}

/** Types that a variable may name; what has another one is an object of the agent's own. */
const TYPES = new Set(['Date', 'Json', 'Integer', 'Long', 'Double']);

/** A result as variables: what is no plain value is JSON. */
export function variablesOf(result: Result): Variables {
  const entries = Object.entries(result).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value !== 'object' || value === null) return [name, value];
      const isTyped = 'type' in value && 'value' in value && TYPES.has(String(value.type));
      return [name, isTyped ? value : { type: 'Json', value }];
    }),
  ) as Variables;
}

/** A result as people see it: without the engine's types. */
export function toldOf(result: Result, names: readonly string[] | undefined): Record<string, unknown> {
  const variables = Object.entries(variablesOf(result));
  return Object.fromEntries(
    variables
      .filter(([name]) => names === undefined || names.includes(name))
      .map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null && 'value' in value ? value.value : value,
      ]),
  );
}
