import { createHash } from 'node:crypto';
import { mapCommand } from '@netbuild/realtime-engine';
import {
  CATALOGUE,
  type CloudEvent,
  check,
  cloudEvent,
  engineBatch,
  type Fact,
  isCustomType,
  type PublishAnswer,
  RealtimeError,
  type Room,
  room,
} from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isSameSecret } from '../auth/secret.ts';
import { bearer } from '../auth/token.ts';
import type { Relays } from '../capture/relays.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Publish, PublishResult } from '../ingest/publish.ts';
import { wholeFact } from '../whole.ts';

/** What the publishers' routes need. */
export interface PublishingTools {
  publish: Publish;
  delivery: Delivery;
  /** None: nobody can publish over HTTP. */
  publishKey: string | undefined;
  /** The domain of what names no tenant. */
  defaultDomain: string;
  /** The domain of what names no tenant, by the engine's name; the default one where it is not there. */
  engineDomains: ReadonlyMap<string, string>;
  /** Relays of engines that reconcile looks after. */
  relays: Relays;
  logger: Logger;
  /** Hears what waits in an engine's outbox. */
  onBacklog?: (engine: string, backlog: { rows: number; oldest?: number | undefined }) => void;
  /** Hears how many milliseconds ago the oldest of the relay's rows was committed, once they are in the log. */
  onRelayed?: (age: number) => void;
}

/** The relay posts whole engine commands; one with thousands of tasks has some megabytes. */
const ENGINE_BODY_LIMIT = 64 * 1024 * 1024;

/** Adds `POST /v1/events` and `POST /v1/engine`. */
export function addPublishingRoutes(server: FastifyInstance, tools: PublishingTools): void {
  const { publish, delivery, defaultDomain, engineDomains, relays, logger } = tools;
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    const key = bearer(request.headers.authorization);
    if (!tools.publishKey || !key || !isSameSecret(key, tools.publishKey))
      throw new RealtimeError('key_invalid');
  };

  server.post('/v1/events', { onRequest }, async (request, reply) => {
    const event = check(cloudEvent, request.body);
    const { epoch, seq, settle, results } = await publish(event.domain ?? defaultDomain, [factOf(event)]);
    const published = results[0]!;
    if (published.status === 'refused') throw published.error;
    reply.status(published.status === 'new' ? 201 : 200);
    return { id: event.id, status: published.status, epoch, seq: published.seqs.at(-1) ?? seq, settle };
  });

  server.post(
    '/v1/engine',
    { onRequest, bodyLimit: ENGINE_BODY_LIMIT },
    async (request): Promise<PublishAnswer> => {
      const batch = check(engineBatch, request.body);
      const home = engineDomains.get(batch.engine) ?? defaultDomain;
      const domains = new Map<string, Fact[]>([[defaultDomain, []]]);
      for (const command of batch.commands) {
        const { facts, unknown } = mapCommand(batch.engine, command);
        if (unknown.length > 0)
          logger.warn(
            { engine: batch.engine, command: command.id, unknown },
            'history events that no mapping knows',
          );
        for (const { tenantId, fact } of facts) {
          const domain = tenantId ?? home;
          domains.set(domain, [...(domains.get(domain) ?? []), fact]);
        }
      }
      if (batch.whole !== undefined) domains.get(defaultDomain)!.push(wholeFact(batch.engine, batch.whole));
      // The relay is told one epoch for all domains, that of the default one: a failover begins another life in
      // each, at its first touch. That one goes first, so that nothing of the batch is in a life before it.
      const [[first, facts], ...others] = [...domains] as [[string, Fact[]], ...[string, Fact[]][]];
      const { epoch, seq, settle } = await intoDomain(first, facts, batch.epoch);
      const answers = await Promise.all(others.map(([domain, facts]) => intoDomain(domain, facts)));
      const [oldest] = batch.commands;
      if (oldest) tools.onRelayed?.(Date.now() - oldest.committedAt);
      if (batch.backlog) tools.onBacklog?.(batch.engine, batch.backlog);
      const ask = await relays.heard(batch.engine, batch.seen);
      const { sources } = await delivery.channel(defaultDomain);
      return {
        epoch,
        seq,
        settle: Math.max(settle, ...answers.map(({ settle }) => settle)),
        ...(sources.isAwaited(batch.engine, epoch) ? { rebuilding: true } : {}),
        ...(ask === undefined ? {} : { ask }),
      };
    },
  );

  async function intoDomain(domain: string, facts: Fact[], life?: string): Promise<PublishResult> {
    const answer = await publish(domain, facts, life);
    answer.results.forEach((result, i) => {
      if (result.status !== 'refused') return;
      // What may work later must stay in the outbox; the rest would block it for ever.
      if (result.error.toWire().retryable) throw result.error;
      logger.error(
        { fact: facts[i]!.id, type: facts[i]!.type, error: result.error.toWire() },
        'a fact of the engine was refused',
      );
    });
    return answer;
  }
}

function factOf(event: CloudEvent): Fact {
  const entry = CATALOGUE.get(event.type);
  if (entry ? !entry.publishable : !isCustomType(event.type)) {
    throw new RealtimeError('unknown_type', {
      field: 'type',
      message: `type: the catalogue has no ${event.type.slice(0, 100)} for publishers; custom types begin with x:`,
    });
  }
  return {
    source: `http/${event.source}`,
    id: event.id,
    type: event.type,
    time: new Date(event.time ?? Date.now()).toISOString(),
    data: event.data,
    digest: createHash('sha256').update(JSON.stringify(event)).digest('base64url'),
    ...(entry ? {} : { rooms: roomsOf(event) }),
  };
}

function roomsOf(event: CloudEvent): Room[] {
  return [
    ...(event.executionid === undefined ? [] : [room('execution', event.executionid)]),
    ...(event.processinstanceid === undefined ? [] : [room('process', event.processinstanceid)]),
    ...(event.definitionkey === undefined ? [] : [room('definition', event.definitionkey)]),
    ...(event.userid === undefined ? [] : [room('user', event.userid)]),
    ...(event.groupid === undefined ? [] : [room('group', event.groupid)]),
  ];
}
