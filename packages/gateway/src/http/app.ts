import fastifyStatic from '@fastify/static';
import { check } from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { createLogin } from '../auth/users.ts';

const credentials = z.object({ user: z.string().max(64), password: z.string().max(1000) });

/** How people log in: what a page has to know before anybody is known. */
export interface LoginWays {
  /** By `POST /login`. */
  password: boolean;
  /** At an OpenID provider, by authorization code with PKCE. */
  openid?: { issuer: string; clientId: string; scope: string; resource?: string };
}

/** Everything that the page loads is its own; sockets go where it came from, and logins to the provider. */
const contentSecurityPolicy = (provider = '') =>
  `default-src 'self'; connect-src 'self' ws: wss:${provider}; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`;

/** Adds `GET /login`, which says how people log in, and where there are built-in users `POST /login`. */
export function addLoginRoutes(
  server: FastifyInstance,
  ways: LoginWays,
  login: ReturnType<typeof createLogin>,
): void {
  server.get('/login', async () => ways);
  if (!ways.password) return;
  server.post('/login', async (request) => {
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
      reply.header('x-content-type-options', 'nosniff');
      reply.header('referrer-policy', 'no-referrer');
    },
  });
}
