import { check, RealtimeError } from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DeadLetters } from '../ingest/dead-letters.ts';
import type { Relayed } from '../ingest/relayed.ts';

const whole = z.coerce.number().int().min(0);
const listQuery = z.object({ after: whole.default(0) });
const letterParams = z.object({ letter: whole.positive() });

/** What the routes of dead letters need. */
export interface DeadLetterRouteTools {
  deadLetters: DeadLetters;
  relayed: Pick<Relayed, 'replay'>;
  /** Lets nobody in but operators. */
  onRequest: (request: FastifyRequest) => Promise<void>;
}

/** Adds `/v1/dead-letters`: what could not be taken, for a person to see, replay and drop. */
export function addDeadLetterRoutes(server: FastifyInstance, tools: DeadLetterRouteTools): void {
  const { deadLetters, relayed, onRequest } = tools;

  async function letterOf({ params }: FastifyRequest) {
    const { letter } = check(letterParams, params);
    const found = await deadLetters.find(letter);
    if (!found) throw new RealtimeError('not_found');
    return found;
  }

  server.get('/v1/dead-letters', { onRequest }, ({ query }) =>
    deadLetters.list(check(listQuery, query).after),
  );

  server.get('/v1/dead-letters/:letter', { onRequest }, letterOf);

  server.post('/v1/dead-letters/:letter/replay', { onRequest }, async (request) => {
    const found = await letterOf(request);
    const { letter } = found;
    const why = await relayed.replay(found);
    if (why !== undefined) return { letter, status: 'kept', why };
    await deadLetters.drop(letter);
    return { letter, status: 'replayed' };
  });

  server.delete('/v1/dead-letters/:letter', { onRequest }, async (request) => {
    const { letter } = await letterOf(request);
    await deadLetters.drop(letter);
    return { letter, status: 'dropped' };
  });
}
