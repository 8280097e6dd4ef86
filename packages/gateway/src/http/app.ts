import fastifyStatic from '@fastify/static';
import { check } from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { createLogin } from '../auth/users.ts';
import { loginAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

const credentials = z.object({ user: z.string().max(64), password: z.string().max(1000) });

const loginDoc: RouteDoc = {
  name: 'login',
  doc: 'Gives a token to a person of USERS.',
  who: 'anybody',
  body: credentials,
  answers: { 200: { doc: 'The token.', schema: loginAnswer } },
  errors: ['invalid', 'login_failed'],
};

/** Everything that the page loads is its own, and it talks to where it came from alone, sockets included. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/** Adds the login of the built-in users: `POST /login`. */
export function addLoginRoute(server: FastifyInstance, login: ReturnType<typeof createLogin>): void {
  server.post('/login', { config: { doc: loginDoc } }, async (request) => {
    const { user, password } = check(credentials, request.body);
    return login(user, password);
  });
}

/** Serves the built web app at `/`. */
export async function addApp(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
    setHeaders(reply) {
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    },
  });
}
