import type { IncomingHttpHeaders } from 'node:http';
import { check, type Fact, RealtimeError } from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Webhook, Webhooks } from '../auth/webhooks.ts';
import { depthErrorOf } from '../depth.ts';
import type { Publish } from '../ingest/publish.ts';
import { webhookAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';

/** What the route of webhooks needs. */
export interface WebhookTools {
  webhooks: Webhooks;
  /** What they post, for the document. */
  event: z.ZodType;
  /** What one says, as a fact; none: nothing that is known here. */
  factOf(webhook: Webhook, body: unknown, headers: IncomingHttpHeaders): Fact | undefined;
  publish: Publish;
  bodyBytes: number;
  /** Levels of JSON. */
  depth: number;
}

/** Bytes of a body that are read at most, since its sender is not known before the end: events have some thousands. */
const MOST_BYTES = 262_144;

const place = z.object({ name: z.string().min(1).max(100) });

/** Adds `POST /v1/webhooks/:name`. */
export function addWebhookRoute(server: FastifyInstance, tools: WebhookTools): void {
  const { webhooks, event, factOf, publish, depth } = tools;
  const doc: RouteDoc = {
    name: 'webhook',
    doc: 'Takes what a provider of payments says, signed by a secret of WEBHOOKS.',
    who: 'provider',
    params: place,
    body: event,
    answers: { 200: { doc: 'It is in the log, or not for here.', schema: webhookAnswer } },
    errors: ['invalid', 'card_number', 'payment_mismatch', 'too_large', 'contended'],
  };
  const bodyLimit = Math.min(tools.bodyBytes, MOST_BYTES);

  // A scope of its own: here a body stays as it came, since what is signed are its bytes.
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    scope.post('/v1/webhooks/:name', { bodyLimit, config: { doc } }, async (request) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const webhook = webhooks.verify(check(place, request.params).name, body, request.headers);
      const fact = factOf(webhook, read(body), request.headers);
      if (!fact) return { status: 'ignored' };
      const [published] = (await publish(webhook.domain, [fact])).results;
      if (published!.status === 'refused') throw published!.error;
      return { status: published!.status };
    });
  });

  function read(body: Buffer): unknown {
    let value: unknown;
    try {
      value = JSON.parse(body.toString());
    } catch {
      throw new RealtimeError('invalid', { message: 'The body is no JSON.' });
    }
    const tooDeep = depthErrorOf(value, depth);
    if (tooDeep) throw tooDeep;
    return value;
  }
}
