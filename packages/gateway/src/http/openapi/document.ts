import {
  CATALOGUE,
  EPHEMERAL,
  ERRORS,
  type ErrorCode,
  INWARD_KINDS,
  SUBJECTS,
} from '@netbuild/realtime-protocol';
import { z } from 'zod';
import { event, refusal } from '../answers.ts';
import type { AnswerDoc, RouteDoc, Who } from './route-doc.ts';
import { createSchemas, type JsonSchema, type Schemas } from './schemas.ts';

/** A route as the server has it, with what it says of itself. */
export interface DescribedRoute {
  method: string;
  url: string;
  doc: RouteDoc;
}

/** What every route may refuse by. */
const OF_ALL: ErrorCode[] = ['origin_refused', 'too_many_requests', 'stopping', 'internal'];

/** What is said of a token that is one, and of who has it. */
const OF_TOKEN: ErrorCode[] = [
  'token_expired',
  'token_revoked',
  'keys_unavailable',
  'forbidden',
  'storage_unavailable',
];

/** What routes may refuse by that somebody has to be known for. */
const OF_WHO: Record<Who, ErrorCode[]> = {
  anybody: [],
  person: ['token_missing', 'token_invalid', ...OF_TOKEN],
  publisher: ['key_invalid', ...OF_TOKEN],
  provider: ['signature_invalid', 'storage_unavailable'],
  operator: ['key_invalid', ...OF_TOKEN],
  metrics: ['key_invalid', 'forbidden'],
};

const SECURITY: Record<Who, Record<string, string[]>[]> = {
  anybody: [],
  person: [{ token: [] }],
  publisher: [{ publisherKey: [] }, { publisherToken: [] }],
  provider: [{ standardSignature: [] }, { stripeSignature: [] }],
  operator: [{ publisherKey: [] }],
  metrics: [{ metricsKey: [] }, {}],
};

/** The OpenAPI 3.1 document of routes. */
export function documentOf(routes: readonly DescribedRoute[], version: string): JsonSchema {
  const schemas = createSchemas();
  schemas.named('Error', refusal);
  schemas.components.Event = eventSchema(schemas);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const { method, url, doc } of routes) {
    const path = url.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(doc, schemas) };
  }
  const bearer = (description: string, bearerFormat?: string) => ({
    type: 'http',
    scheme: 'bearer',
    ...(bearerFormat ? { bearerFormat } : {}),
    description,
  });
  const signature = (name: string, description: string) => ({
    type: 'apiKey',
    in: 'header',
    name,
    description,
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'NetBuild Realtime',
      version,
      description: 'What a process engine commits, on every screen that may see it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        token: bearer('The token of a person.', 'JWT'),
        publisherKey: bearer('PUBLISH_KEY, or a key of PUBLISHERS.'),
        publisherToken: bearer('A token with the role `publish`.', 'JWT'),
        standardSignature: signature(
          'webhook-signature',
          'By Standard Webhooks, with `webhook-id` and `webhook-timestamp`.',
        ),
        stripeSignature: signature('Stripe-Signature', "By Stripe's scheme."),
        metricsKey: bearer('METRICS_KEY; without one, this machine alone may ask.'),
      },
    },
  };
}

function operationOf(doc: RouteDoc, schemas: Schemas): JsonSchema {
  const { name, who, params, query, headers } = doc;
  const parameters = [
    ...parametersOf(name, 'path', params, schemas),
    ...parametersOf(name, 'query', query, schemas),
    ...parametersOf(name, 'header', headers, schemas),
  ];
  return {
    operationId: name,
    summary: doc.doc,
    security: SECURITY[who],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(doc.body ? { requestBody: { required: true, content: contentOf(doc, doc.body, schemas) } } : {}),
    responses: {
      ...answersOf(doc, schemas),
      ...refusalsOf([...OF_ALL, ...OF_WHO[who], ...(doc.errors ?? [])]),
    },
  };
}

/** What a body may be, by its content type. */
function contentOf(
  { name, bodyTypes = ['application/json'], bareBody, batch }: RouteDoc,
  body: z.ZodType,
  schemas: Schemas,
): JsonSchema {
  const whole = schemas.named(`${name}.body`, body);
  const types = bodyTypes.map((type, n) => {
    const bare = n === 0 && bareBody && schemas.named(`${name}.bareBody`, bareBody);
    return [type, { schema: bare ? { anyOf: [whole, bare] } : whole }];
  });
  if (batch) types.push([batch.type, { schema: { type: 'array', items: whole, maxItems: batch.most } }]);
  return Object.fromEntries(types);
}

function parametersOf(
  name: string,
  place: 'path' | 'query' | 'header',
  schema: z.ZodObject | undefined,
  schemas: Schemas,
): JsonSchema[] {
  return Object.entries(schema?.shape ?? {}).map(([field, one]) => ({
    name: field,
    in: place,
    required: place === 'path' || !z.safeParse(one as z.ZodType, undefined).success,
    schema: schemas.inline(`${name}.${field}`, one as z.ZodType),
  }));
}

function answersOf({ name, answers }: RouteDoc, schemas: Schemas): Record<string, JsonSchema> {
  // Several statuses may come with the same.
  const different = new Set(
    Object.values(answers)
      .flat()
      .flatMap(({ schema }: AnswerDoc) => schema ?? []),
  );
  const nameOf = (schema: z.ZodType) => `${name}.answer${[...different].indexOf(schema) || ''}`;
  const contentOf = ({ schema, type = 'application/json' }: AnswerDoc) => [
    type,
    { schema: schema ? schemas.named(nameOf(schema), schema) : { type: 'string' } },
  ];
  return Object.fromEntries(
    Object.entries(answers).map(([status, given]) => {
      const all = [given].flat() as AnswerDoc[];
      return [
        status,
        {
          description: all.map(({ doc }) => doc).join(' '),
          content: Object.fromEntries(all.map(contentOf)),
        },
      ];
    }),
  );
}

/** By status, with the codes that it comes with. */
function refusalsOf(codes: readonly ErrorCode[]): Record<string, JsonSchema> {
  const byStatus = Map.groupBy(new Set(codes), (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, all]) => [
        `${status}`,
        {
          description: all.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join(' '),
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      ]),
  );
}

/** An event, whose data is the row of one of the subjects that people see, or of a publisher's own making. */
function eventSchema(schemas: Schemas): JsonSchema {
  const rows = Object.values(SUBJECTS).filter(({ kind }) => !INWARD_KINDS.includes(kind));
  const made = schemas.inline('Event', event) as { properties: { data: JsonSchema } };
  made.properties.data = {
    ...made.properties.data,
    anyOf: [...rows.map(({ kind, data }) => schemas.named(`row.${kind}`, data)), {}],
  };
  return made;
}

const OF_PUBLISHERS = [...CATALOGUE.values()].filter(({ publishable }) => publishable);

/** What the data of an event is, by its type; a custom one's is anything. */
export function publishableData(): z.ZodType {
  return z.union([...OF_PUBLISHERS.map(({ fact }) => fact), z.unknown()]);
}

/** A CloudEvent with the data of its type; what is published is checked in the same two steps. */
export function publishable(envelope: z.ZodObject): z.ZodType {
  const own = OF_PUBLISHERS.map(({ type, fact }) => envelope.extend({ type: z.literal(type), data: fact }));
  return z.union([
    ...own,
    envelope.extend({ type: z.literal('agent:delta'), data: EPHEMERAL['agent:delta'].data }),
    envelope.extend({ type: z.string().regex(/^x:[A-Za-z0-9][A-Za-z0-9._:-]{0,100}$/) }),
  ]);
}
