import type { FastifyInstance } from 'fastify';
import type { Actor } from '../auth/actor.ts';
import { bearer, type Tokens } from '../auth/token.ts';
import { meAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

/** Whom the gateway takes the bearer of a token for. */
export type Me = Pick<Actor, 'userId' | 'domainId' | 'groups' | 'roles' | 'expires'>;

const meDoc: RouteDoc = {
  name: 'me',
  doc: 'Whom the gateway takes the bearer of the token for.',
  who: 'person',
  answers: { 200: { doc: 'The person.', schema: meAnswer } },
};

/** Adds `GET /v1/me`: what a token comes to here. A page can not read it off the token, since claims are mapped. */
export function addMeRoute(server: FastifyInstance, tokens: Pick<Tokens, 'verify'>): void {
  server.get('/v1/me', { config: { doc: meDoc } }, async ({ headers }): Promise<Me> => {
    const { userId, domainId, groups, roles, expires } = await tokens.verify(bearer(headers.authorization));
    return { userId, domainId, groups, roles, expires };
  });
}
