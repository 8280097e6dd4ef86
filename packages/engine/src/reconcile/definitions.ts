import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
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
}

/** Definitions that are remembered; above that the oldest is asked for again. */
const REMEMBERED = 1000;

/** Makes {@link Definitions} that ask the engine once for each. */
export function createDefinitions({ read }: Pick<Rest, 'read'>): Definitions {
  const known = new Map<string, Promise<Definition>>();

  async function find(id: string): Promise<Definition> {
    const path = `/process-definition/${encodeURIComponent(id)}`;
    const { key, name } = await read<{ key?: string; name?: string | null }>(path);
    return {
      processDefinitionId: id,
      ...(key ? { processDefinitionKey: key } : {}),
      ...(name ? { processDefinitionName: name } : {}),
    };
  }

  return {
    async of({ processDefinitionId: id }) {
      if (!id) return {};
      let found = known.get(id);
      if (!found) {
        found = find(id).catch((error: unknown) => {
          // A deployment can be deleted while its instances stand in the history.
          if (error instanceof RealtimeError && error.code === 'not_found')
            return { processDefinitionId: id };
          known.delete(id);
          throw error;
        });
        if (known.size >= REMEMBERED) known.delete(known.keys().next().value!);
        known.set(id, found);
      }
      return found;
    },
  };
}

/** Whether something has another definition than its row: its instance was migrated. */
export function isOther(
  { processDefinitionId: id }: { processDefinitionId?: string | null | undefined },
  { data }: LedgerRow,
): boolean {
  return Boolean(id) && data.processDefinitionId !== undefined && data.processDefinitionId !== id;
}
