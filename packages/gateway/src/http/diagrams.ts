import type { EngineClient, EngineDiagram } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import {
  check,
  type DefinitionSummary,
  type DefinitionsAnswer,
  type DiagramAnswer,
  type ProcessData,
  parseRoom,
  RealtimeError,
  room,
  subject,
} from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Policy } from '../auth/policy.ts';
import { bearer, type Tokens } from '../auth/token.ts';
import { dataOf } from '../rows.ts';
import { definitionsAnswer, diagramAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

/** What the routes of diagrams need. */
export interface DiagramRouteTools {
  log: Pick<Log, 'rows'>;
  tokens: Pick<Tokens, 'verify'>;
  policy: Pick<Policy, 'assertMayEnter'>;
  engineOf: (name?: string) => EngineClient | undefined;
  /** The names of the engines that definitions are listed of; `undefined`: the one that is meant where none is named. */
  engines: readonly (string | undefined)[];
}

const diagramQuery = z.object({
  room: z.string().describe('`process:<id>`, or `definition:<key>` for the newest version.'),
  engine: z.string().min(1).max(255).optional().describe('Of a definition, where there are several engines.'),
});

const OF_ENGINES = ['no_engine', 'engine_unreachable', 'engine_refused'] as const;

const diagramDoc: RouteDoc = {
  name: 'diagram',
  doc: 'The model that a process runs by, for who may enter its room.',
  who: 'person',
  query: diagramQuery,
  answers: { 200: { doc: 'The model, as it was deployed.', schema: diagramAnswer } },
  errors: ['invalid', 'invalid_room', 'not_found', ...OF_ENGINES],
};

const definitionsDoc: RouteDoc = {
  name: 'definitions',
  doc: 'The process definitions whose rooms the person may enter, each in its newest version, by their keys.',
  who: 'person',
  answers: { 200: { doc: 'The definitions; none: there are none for them.', schema: definitionsAnswer } },
  errors: [...OF_ENGINES],
};

/** Adds `GET /v1/diagram` and `GET /v1/definitions`. Who may enter a room may see what it runs by, and nobody else. */
export function addDiagramRoutes(server: FastifyInstance, tools: DiagramRouteTools): void {
  const { log, tokens, policy, engineOf, engines } = tools;

  server.get('/v1/diagram', { config: { doc: diagramDoc } }, async (request): Promise<DiagramAnswer> => {
    const actor = await actorOf(request);
    const { room: name, engine } = check(diagramQuery, request.query);
    const { kind, id } = parseRoom(name) ?? {};
    if (id === undefined || (kind !== 'process' && kind !== 'definition'))
      throw new RealtimeError('invalid_room', { field: 'room' });
    await policy.assertMayEnter(actor, name);
    const found = await (kind === 'process'
      ? ofProcess(actor, id)
      : clientOf(engine).diagrams.newest(id, actor.domainId));
    return answerOf(found);
  });

  server.get('/v1/definitions', { config: { doc: definitionsDoc } }, async (request) => {
    const actor = await actorOf(request);
    const lists = await Promise.all(engines.map((engine) => ofEngine(actor, engine)));
    return {
      definitions: lists.flatMap(({ definitions }) => definitions),
      ...(lists.some(({ more }) => more) ? { more: true as const } : {}),
    } satisfies DefinitionsAnswer;
  });

  const actorOf = ({ headers }: FastifyRequest): Promise<Actor> =>
    tokens.verify(bearer(headers.authorization));

  function clientOf(name: string | undefined): EngineClient {
    const client = engineOf(name);
    if (!client) throw new RealtimeError('no_engine');
    return client;
  }

  async function ofProcess({ domainId }: Actor, id: string): Promise<EngineDiagram> {
    const [row] = await log.rows(domainId, [subject('process', id)]);
    const data = row && dataOf<ProcessData>(row);
    if (data?.processDefinitionId === undefined) throw new RealtimeError('not_found');
    return clientOf(data.engine).diagrams.of(data.processDefinitionId);
  }

  async function ofEngine(actor: Actor, engine: string | undefined) {
    const { definitions, more } = await clientOf(engine).diagrams.list(actor.domainId);
    const allowed = await Promise.all(
      definitions.map(({ processDefinitionKey: key }) => mayEnter(actor, key)),
    );
    const summaries = definitions.map(
      ({ processDefinitionKey, name, version }): DefinitionSummary => ({
        processDefinitionKey,
        ...(name === undefined ? {} : { name }),
        version,
        ...(engine === undefined ? {} : { engine }),
      }),
    );
    return { definitions: summaries.filter((_one, n) => allowed[n]), more };
  }

  async function mayEnter(actor: Actor, processDefinitionKey: string): Promise<boolean> {
    try {
      await policy.assertMayEnter(actor, room('definition', processDefinitionKey));
      return true;
    } catch (error) {
      if (error instanceof RealtimeError && error.code === 'forbidden') return false;
      throw error;
    }
  }
}

function answerOf({ name, ...rest }: EngineDiagram): DiagramAnswer {
  return { ...rest, ...(name === undefined ? {} : { name }) };
}
