import { RealtimeError } from '@netbuild/realtime-protocol';
import type { Rest } from './rest.ts';

/** A process definition as an engine has it. */
export interface EngineDefinition {
  processDefinitionId: string;
  processDefinitionKey: string;
  name: string | undefined;
  version: number;
}

/** A process definition with its model. */
export interface EngineDiagram extends EngineDefinition {
  /** BPMN 2.0, as it was deployed. */
  xml: string;
}

/**
 * Asks an engine for process definitions and their models. Rejections are `not_found`, `engine_unreachable` and
 * `engine_refused`, also of a model that is too large to be shown.
 */
export interface EngineDiagrams {
  /** The definition of an id, which never changes. */
  of(processDefinitionId: string): Promise<EngineDiagram>;
  /** The newest version of a key: of the tenant that a domain is, or without one. */
  newest(processDefinitionKey: string, domain: string | undefined): Promise<EngineDiagram>;
  /** All in their newest versions, of the same tenant, by their keys; `more`: these are the first of more. */
  list(domain: string | undefined): Promise<{ definitions: EngineDefinition[]; more: boolean }>;
}

/** Characters of a model; who draws more than this draws no diagram that anybody reads. */
const MAX_XML_LENGTH = 4_000_000;

/** Characters of all models that are remembered; beyond it the one that was used longest ago goes. */
const REMEMBERED = 16_000_000;

/** Definitions that are listed at most. */
const MOST_LISTED = 500;

/** What the REST API says of a definition. */
interface Said {
  id: string;
  key: string;
  name?: string | null;
  version: number;
}

/** How tenants and paths of definitions are named in an engine. */
export interface Naming {
  /** The path of a process definition by its key, in a domain. */
  pathOf: (processDefinitionKey: string, domain: string | undefined) => string;
  /** The tenant that a domain is; none: what has no tenant. */
  tenantOf: (domain: string | undefined) => string | undefined;
}

/** Makes it on an engine's REST API. */
export function createDiagrams({ read }: Pick<Rest, 'read'>, { pathOf, tenantOf }: Naming): EngineDiagrams {
  /** In the order of their last use; what is asked for again while it is on its way is asked for once. */
  const known = new Map<string, { length: number; diagram: Promise<EngineDiagram> }>();
  let length = 0;

  async function load(id: string): Promise<EngineDiagram> {
    const path = `/process-definition/${encodeURIComponent(id.toWellFormed())}`;
    const [said, { bpmn20Xml: xml }] = await Promise.all([
      read<Said>(path),
      read<{ bpmn20Xml?: unknown }>(`${path}/xml`),
    ]);
    if (typeof xml !== 'string')
      throw new RealtimeError('engine_refused', { message: 'The process definition has no model.' });
    if (xml.length > MAX_XML_LENGTH)
      throw new RealtimeError('engine_refused', { message: 'The diagram is too large to be shown.' });
    return { ...definitionOf(said), xml };
  }

  function forget(id: string): void {
    length -= known.get(id)?.length ?? 0;
    known.delete(id);
  }

  function remembered(id: string): Promise<EngineDiagram> {
    const one = known.get(id) ?? { length: 0, diagram: load(id) };
    if (known.delete(id)) {
      known.set(id, one);
      return one.diagram;
    }
    known.set(id, one);
    one.diagram.then(
      ({ xml }) => {
        // It may have gone again while it was on its way.
        if (known.get(id) !== one) return;
        one.length = xml.length;
        length += xml.length;
        for (const oldest of known.keys()) {
          if (length <= REMEMBERED) break;
          forget(oldest);
        }
      },
      () => known.get(id) === one && known.delete(id),
    );
    return one.diagram;
  }

  return {
    of: remembered,
    newest: async (key, domain) =>
      remembered(definitionOf(await read<Said>(pathOf(key, domain))).processDefinitionId),
    async list(domain) {
      const tenant = tenantOf(domain);
      const found = await read<Said[]>('/process-definition', {
        latestVersion: true,
        sortBy: 'key',
        sortOrder: 'asc',
        firstResult: 0,
        maxResults: MOST_LISTED + 1,
        ...(tenant === undefined ? { withoutTenantId: true } : { tenantIdIn: tenant.toWellFormed() }),
      });
      if (!Array.isArray(found)) throw new RealtimeError('engine_unreachable');
      return {
        definitions: found.slice(0, MOST_LISTED).map(definitionOf),
        more: found.length > MOST_LISTED,
      };
    },
  };
}

/** @throws RealtimeError where it is no definition: something else has answered in the engine's place */
function definitionOf({ id, key, name, version }: Partial<Said>): EngineDefinition {
  if (typeof id !== 'string' || typeof key !== 'string' || typeof version !== 'number')
    throw new RealtimeError('engine_unreachable', { message: 'What answered is no process engine.' });
  return {
    processDefinitionId: id,
    processDefinitionKey: key,
    name: typeof name === 'string' && name !== '' ? name : undefined,
    version,
  };
}
