import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { approvalsIn, type ModelledApproval } from './approvals.ts';
import type { LedgerRow } from './ledger.ts';

/** What is known of a process definition by its id. */
export interface Definition {
  processDefinitionId?: string;
  processDefinitionKey?: string;
  processDefinitionName?: string;
}

/** Process definitions: they never change, and few are in use. */
export interface Definitions {
  of(item: { processDefinitionId?: string | null | undefined }): Promise<Definition>;
  /** What its model says of a user task, where it makes an approval of it. */
  approval(task: {
    processDefinitionId?: string | null | undefined;
    taskDefinitionKey?: string | null | undefined;
  }): Promise<ModelledApproval | undefined>;
}

/** Definitions that are remembered; above that the oldest is asked for again. */
const REMEMBERED = 1000;

/** Makes {@link Definitions} that ask the engine once for each. */
export function createDefinitions({ read }: Pick<Rest, 'read'>): Definitions {
  const pathOf = (id: string) => `/process-definition/${encodeURIComponent(id)}`;

  const definitions = remembered(
    async (id): Promise<Definition> => {
      const { key, name } = await read<{ key?: string; name?: string | null }>(pathOf(id));
      return {
        processDefinitionId: id,
        ...(key ? { processDefinitionKey: key } : {}),
        ...(name ? { processDefinitionName: name } : {}),
      };
    },
    (id) => ({ processDefinitionId: id }),
  );

  const approvals = remembered(
    async (id) => approvalsIn((await read<{ bpmn20Xml?: string }>(`${pathOf(id)}/xml`)).bpmn20Xml ?? ''),
    () => new Map<string, ModelledApproval>(),
  );

  return {
    of: async ({ processDefinitionId: id }) => (id ? definitions(id) : {}),
    approval: async ({ processDefinitionId: id, taskDefinitionKey: key }) =>
      id && key ? (await approvals(id)).get(key) : undefined,
  };
}

/**
 * Remembers what was found by an id.
 *
 * @param gone what is known of what is not there: a deployment can be deleted while its instances stand in the history
 */
function remembered<T>(
  find: (id: string) => Promise<T>,
  gone: (id: string) => T,
): (id: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (id) => {
    let found = known.get(id);
    if (!found) {
      found = find(id).catch((error: unknown) => {
        if (error instanceof RealtimeError && error.code === 'not_found') return gone(id);
        known.delete(id);
        throw error;
      });
      if (known.size >= REMEMBERED) known.delete(known.keys().next().value!);
      known.set(id, found);
    }
    return found;
  };
}

/** Whether something has another definition than its row: its instance was migrated. */
export function isOther(
  { processDefinitionId: id }: { processDefinitionId?: string | null | undefined },
  { data }: LedgerRow,
): boolean {
  return Boolean(id) && data.processDefinitionId !== undefined && data.processDefinitionId !== id;
}
