import fastifyStatic from '@fastify/static';
import { check } from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { createLogin } from '../auth/users.ts';
import { loginAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

const credentials = z.object({ user: z.string().max(64), password: z.string().max(1000) });

/** How people log in: what a page has to know before anybody is known. */
const loginWays = z.object({
  /** By `POST /login`. */
  password: z.boolean(),
  /** At an OpenID provider, by authorization code with PKCE. */
  openid: z
    .object({
      issuer: z.string(),
      clientId: z.string(),
      scope: z.string(),
      resource: z.string().optional(),
    })
    .optional(),
});

/** How people log in. */
export type LoginWays = z.infer<typeof loginWays>;

const waysDoc: RouteDoc = {
  name: 'loginWays',
  doc: 'Says how people log in.',
  who: 'anybody',
  answers: { 200: { doc: 'The ways.', schema: loginWays } },
  errors: [],
};

const loginDoc: RouteDoc = {
  name: 'login',
  doc: 'Gives a token to a person of USERS.',
  who: 'anybody',
  body: credentials,
  answers: { 200: { doc: 'The token.', schema: loginAnswer } },
  errors: ['invalid', 'login_failed'],
};

/**
 * Everything that the page loads is its own, each kind of it named, and nothing stands in the page itself; it talks to
 * where it came from, sockets included, and to the provider. Style sheets and viewers bring small pictures along.
 * `require-trusted-types-for` is not among them: the viewers of diagrams and forms write HTML.
 */
const contentSecurityPolicy = (provider = '') =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${provider}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ');

/** Adds `GET /login`, which says how people log in, and where there are built-in users `POST /login`. */
export function addLoginRoutes(
  server: FastifyInstance,
  ways: LoginWays,
  login: ReturnType<typeof createLogin>,
): void {
  server.get('/login', { config: { doc: waysDoc } }, async () => ways);
  if (!ways.password) return;
  server.post('/login', { config: { doc: loginDoc } }, async (request) => {
    const { user, password } = check(credentials, request.body);
    return login(user, password);
  });
}

/** Serves the built web app at `/`. */
export async function addApp(server: FastifyInstance, folder: string, { openid }: LoginWays): Promise<void> {
  const policy = contentSecurityPolicy(openid && ` ${new URL(openid.issuer).origin}`);
  await server.register(fastifyStatic, {
    root: folder,
    setHeaders(reply) {
      reply.header('content-security-policy', policy);
    },
  });
}
