import { check, type RevocationData, revocationSubject } from '@netbuild/realtime-protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { issuedByNow, type Revocations } from '../auth/revocations.ts';
import type { Audit } from '../ops/audit.ts';
import { revocationAnswer, revocationsAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

const domain = z.string().min(1).max(64).optional();

/** A time that is further away is one in other units, and would shut out everybody for good. */
const MOST_AHEAD = 86_400;

const revocation = z
  .strictObject({
    domain,
    /** The id of a token (`jti`). */
    token: z.string().min(1).max(255).optional(),
    user: z.string().min(1).max(64).optional(),
    /** Epoch seconds. */
    before: z
      .number()
      .int()
      .min(0)
      .refine(
        (time) => time < Date.now() / 1000 + MOST_AHEAD,
        'This is more than a day ahead; say epoch seconds.',
      )
      .optional(),
  })
  .refine(
    ({ token, user, before }) =>
      token === undefined ? (user ?? before) !== undefined : (user ?? before) === undefined,
    'Say a token, or a user, or a time, or a user and a time.',
  );

const listQuery = z.object({ domain });

const DOCS = {
  revoke: {
    name: 'revoke',
    doc: 'Ends tokens before their time: one by its id, or what was issued to a user, or in a domain, before a time.',
    who: 'operator',
    body: revocation,
    answers: { 201: { doc: 'It stands, from this position on.', schema: revocationAnswer } },
    errors: ['invalid'],
  },
  list: {
    name: 'revocations',
    doc: 'The revocations that stand in a domain.',
    who: 'operator',
    query: listQuery,
    answers: { 200: { doc: 'All of them.', schema: revocationsAnswer } },
    errors: ['invalid'],
  },
} satisfies Record<string, RouteDoc>;

/** What the routes of revocations need. */
export interface RevocationRouteTools {
  revocations: Revocations;
  /** Lets nobody in but operators. */
  onRequest: (request: FastifyRequest) => Promise<void>;
  defaultDomain: string;
  audit: Pick<Audit, 'note'>;
}

/** Adds `/v1/revocations`: ends tokens before their time, and lists those that were. */
export function addRevocationRoutes(server: FastifyInstance, tools: RevocationRouteTools): void {
  const { revocations, onRequest, defaultDomain, audit } = tools;

  server.post('/v1/revocations', { onRequest, config: { doc: DOCS.revoke } }, async ({ body }, reply) => {
    const { domain = defaultDomain, token, user, before } = check(revocation, body);
    const of = {
      domain,
      ...(token === undefined ? { before: before ?? issuedByNow() } : { token }),
      ...(user && { user }),
    };
    const place = await revocations.revoke(of);
    audit.note({ what: 'revoke', result: 'done', domain, subject: revocationSubject(of) });
    reply.status(201);
    return { ...of, ...place };
  });

  server.get(
    '/v1/revocations',
    { onRequest, config: { doc: DOCS.list } },
    async ({ query }): Promise<{ revocations: RevocationData[] }> => {
      const { domain = defaultDomain } = check(listQuery, query);
      return { revocations: await revocations.list(domain) };
    },
  );
}
