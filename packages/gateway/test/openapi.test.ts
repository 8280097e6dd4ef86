import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import SwaggerParser from '@apidevtools/swagger-parser';
import type { FastifyInstance } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import {
  batchAnswer,
  engineAnswer,
  eventsAnswer,
  publishedAnswer,
  refusal,
  stateAnswer,
  unreadAnswer,
} from '../src/http/answers.ts';
import { type Bench, execution, message, PUBLISH_KEY, startBench } from './support/gateway.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, unknown>;
}
interface Document {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

const PACKAGE = new URL('../package.json', import.meta.url);
const USERS = JSON.stringify([{ user: 'alice', password: 'secret' }]);

const documentOf = async (bench: Bench) =>
  (await (await fetch(`${bench.url}/v1/openapi.json`)).json()) as Document;
const operationsIn = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );

/** The routes that fastify has in a gateway that is started meanwhile, but for the files of an app. */
function watchRoutes(): Set<string> {
  const routes = new Set<string>();
  const watch = (told: unknown): void => {
    (told as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat())
        if (one !== 'HEAD') routes.add(`${one} ${url.replace(/:(\w+)/g, '{$1}')}`);
    });
  };
  subscribe('fastify.initialization', watch);
  onTestFinished(() => void unsubscribe('fastify.initialization', watch));
  return routes;
}

describe('The OpenAPI document', () => {
  test('is valid', async () => {
    const bench = await startBench({ USERS });
    const document = await documentOf(bench);
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe(JSON.parse(await readFile(PACKAGE, 'utf8')).version);
    // biome-ignore lint/suspicious/noExplicitAny: the parser's own types are those of a document that is valid.
    await SwaggerParser.validate(document as any);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is valid for a parser that is told of one that is not', async () => {
    const bench = await startBench();
    const document = await documentOf(bench);
    const [path] = Object.values(document.paths);
    const [operation] = Object.values(path!);
    operation!.responses = { 200: {} };
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    await expect(SwaggerParser.validate(document as any)).rejects.toThrow();
  });

  test('says of each route that asks for a token how a token is refused', async () => {
    const { paths } = await documentOf(await startBench());
    const refusals = ({ responses }: Operation) => JSON.stringify(responses);
    for (const operation of [paths['/v1/state']!.get!, paths['/v1/events']!.post!])
      for (const code of ['token_expired', 'token_revoked', 'keys_unavailable'])
        expect(refusals(operation)).toContain(`\`${code}\``);
  });

  test('describes CloudEvents in each of their modes, by one schema', async () => {
    const document = await documentOf(await startBench({ LIMIT_BATCH_EVENTS: '7' }));
    const { parameters, requestBody } = document.paths['/v1/events']!.post!;
    const event = { $ref: '#/components/schemas/publish.body' };
    const bare = { $ref: '#/components/schemas/publish.bareBody' };
    expect(requestBody!.content).toEqual({
      'application/json': { schema: { anyOf: [event, bare] } },
      'application/cloudevents+json': { schema: event },
      'application/cloudevents-batch+json': { schema: { type: 'array', items: event, maxItems: 7 } },
    });
    const { properties } = (
      document.components.schemas['publish.body'] as { anyOf: { properties: object }[] }
    ).anyOf[0]!;
    const headers = Object.keys(properties).filter((name) => !['data', 'datacontenttype'].includes(name));
    expect(parameters!.map(({ name }) => name)).toEqual(headers.map((name) => `ce-${name}`));
    expect(parameters!.every((one) => one.in === 'header' && !one.required)).toBe(true);
  });

  test('shows the rows that people see, and none of the book-keeping', async () => {
    const { components } = await documentOf(await startBench());
    const rows = Object.keys(components.schemas).flatMap((name) => /^row\.(.+)/.exec(name)?.[1] ?? []);
    const seen = [
      'task',
      'process',
      'activity',
      'incident',
      'execution',
      'message',
      'read',
      'payment',
      'microservice',
      'optimization',
      'pattern',
      'agent',
      'form',
      'approval',
      'erasure',
    ];
    expect(rows.sort()).toEqual(seen.sort());
  });

  test.each([
    ['all', { USERS }],
    ['those that there are without people of its own', {}],
  ])('has each route that the server has, and no other: %s', async (_what, environment) => {
    const routes = watchRoutes();
    const bench = await startBench(environment as Record<string, string>);
    const operations = operationsIn(await documentOf(bench));
    expect(operations.length).toBeGreaterThan(8);
    expect(operations.sort()).toEqual([...routes].sort());
  });

  test('describes the answers as they are', async () => {
    const bench = await startBench();
    await execution(bench, 'e1', ['alice']);
    await bench.publish('default', [message('e1', 'hello')]);
    const headers = { authorization: `Bearer ${await bench.token('alice')}` };
    const post = (path: string, body: object, type = 'application/json'): Promise<Response> =>
      fetch(bench.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${PUBLISH_KEY}`, 'content-type': type },
        body: JSON.stringify(body),
      });
    const event = { specversion: '1.0', id: '1', source: 's', type: 'x:y', executionid: 'e1', data: {} };
    const answers: [z.ZodObject, Response][] = [
      [stateAnswer, await fetch(`${bench.url}/v1/state?room=execution:e1`, { headers })],
      [eventsAnswer, await fetch(`${bench.url}/v1/events?room=execution:e1`, { headers })],
      [unreadAnswer, await fetch(`${bench.url}/v1/unread`, { headers })],
      [publishedAnswer, await post('/v1/events', event)],
      [batchAnswer, await post('/v1/events', [event, 'wrong'], 'application/cloudevents-batch+json')],
      [engineAnswer, await post('/v1/engine', { engine: 'default', commands: [] })],
      [refusal, await fetch(`${bench.url}/v1/state`)],
    ];
    for (const [schema, answer] of answers) {
      const { success, error } = schema.strict().safeParse(await answer.json());
      expect([success, error]).toEqual([true, undefined]);
    }
  });
});
