import { check, type DeadLetterData, RealtimeError } from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DeadLetters } from '../ingest/dead-letters.ts';
import { letterAnswer, letterDone, lettersAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

const whole = z.coerce.number().int().min(0);
const listQuery = z.object({ after: whole.default(0) });
const letterParams = z.object({ letter: whole.positive() });

const listDoc: RouteDoc = {
  name: 'deadLetters',
  doc: 'What could not be taken of engines, or delivered to subscriptions, oldest first, in pages.',
  who: 'operator',
  query: listQuery,
  answers: { 200: { doc: 'A page; `next` is where the one after it begins.', schema: lettersAnswer } },
  errors: ['invalid'],
};

const ofLetter = (name: string, doc: string, schema: z.ZodType): RouteDoc => ({
  name,
  doc,
  who: 'operator',
  params: letterParams,
  answers: { 200: { doc: 'The letter, or what has become of it.', schema } },
  errors: ['invalid', 'not_found'],
});

const DOCS = {
  show: ofLetter('deadLetter', 'One of them, whole.', letterAnswer),
  replay: ofLetter(
    'replayDeadLetter',
    'Takes it again, with what this version knows; or sends it again to its subscription.',
    letterDone,
  ),
  drop: ofLetter('dropDeadLetter', 'Removes it, with its past.', letterDone),
};

/** What the routes of dead letters need. */
export interface DeadLetterRouteTools {
  deadLetters: DeadLetters;
  /** Takes or sends a letter again; answers why that could not be done, if it could not. */
  replay(letter: DeadLetterData): Promise<string | undefined>;
  /** Lets nobody in but operators. */
  onRequest: (request: FastifyRequest) => Promise<void>;
}

/** Adds `/v1/dead-letters`: what could not be taken or delivered, for a person to see, replay and drop. */
export function addDeadLetterRoutes(server: FastifyInstance, tools: DeadLetterRouteTools): void {
  const { deadLetters, replay, onRequest } = tools;

  async function letterOf({ params }: FastifyRequest) {
    const { letter } = check(letterParams, params);
    const found = await deadLetters.find(letter);
    if (!found) throw new RealtimeError('not_found');
    return found;
  }

  server.get('/v1/dead-letters', { onRequest, config: { doc: listDoc } }, ({ query }) =>
    deadLetters.list(check(listQuery, query).after),
  );

  server.get('/v1/dead-letters/:letter', { onRequest, config: { doc: DOCS.show } }, letterOf);

  server.post(
    '/v1/dead-letters/:letter/replay',
    { onRequest, config: { doc: DOCS.replay } },
    async (request) => {
      const found = await letterOf(request);
      const { letter } = found;
      const why = await replay(found);
      if (why !== undefined) return { letter, status: 'kept', why };
      await deadLetters.drop(letter);
      return { letter, status: 'replayed' };
    },
  );

  server.delete('/v1/dead-letters/:letter', { onRequest, config: { doc: DOCS.drop } }, async (request) => {
    const { letter } = await letterOf(request);
    await deadLetters.drop(letter);
    return { letter, status: 'dropped' };
  });
}
