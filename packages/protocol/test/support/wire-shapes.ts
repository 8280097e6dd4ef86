import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  CATALOGUE,
  CLOSES,
  COMMANDS,
  cloudEvent,
  EPHEMERAL,
  ERRORS,
  engineBatch,
  historyEvent,
  MAX_MESSAGE_BYTES,
  MAX_PARTICIPANTS,
  MAX_ROOM_ID,
  SUBJECTS,
} from '../../src/index.ts';

/** A short digest of everything that two ends of the wire must agree on, each by its name. */
export function wireShapes(): Record<string, string> {
  const shapes: [string, unknown][] = [
    ...[...CATALOGUE.values()].map(({ type, fact, publishable }): [string, unknown] => [
      `fact ${type}`,
      [schemaOf(fact), publishable],
    ]),
    ...Object.values(SUBJECTS).map(({ kind, data }): [string, unknown] => [`row ${kind}`, schemaOf(data)]),
    ...Object.entries(COMMANDS).map(([name, schema]): [string, unknown] => [
      `command ${name}`,
      schemaOf(schema),
    ]),
    ...Object.entries(EPHEMERAL).map(([type, { data }]): [string, unknown] => [
      `ephemeral ${type}`,
      schemaOf(data),
    ]),
    ['cloudEvent', schemaOf(cloudEvent)],
    ['engineBatch', schemaOf(engineBatch)],
    ['historyEvent', schemaOf(historyEvent)],
    ['errors', Object.entries(ERRORS).map(([code, { status, retryable }]) => [code, status, retryable])],
    ['closes', Object.entries(CLOSES).map(([code, { comeBack }]) => [code, comeBack])],
    ['limits', { MAX_MESSAGE_BYTES, MAX_PARTICIPANTS, MAX_ROOM_ID }],
    // These are types alone, so that a browser needs no schema: their text has to do.
    ...['wire', 'event', 'position', 'command', 'diagram'].map((file): [string, unknown] => [
      `src/${file}.ts`,
      typesOf(file),
    ]),
  ];
  return Object.fromEntries(shapes.map(([name, shape]) => [name, digest(shape)]));
}

/** What goes in and what comes out; without how the checking library spells a time, which changes with its version. */
function schemaOf(schema: z.ZodType): unknown {
  const shape = (io: 'input' | 'output') =>
    z.toJSONSchema(schema, {
      unrepresentable: 'any',
      io,
      override: ({ jsonSchema }) => {
        if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      },
    });
  return [shape('input'), shape('output')];
}

/** The exported types of a file, without comments and layout. */
function typesOf(file: string): string {
  const text = readFileSync(new URL(`../../src/${file}.ts`, import.meta.url), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const declarations = code.split(/^(?=export |interface |function |const |import )/m);
  return declarations
    .filter((declaration) => /^(export )?(interface|type) /.test(declaration))
    .map((declaration) => declaration.replace(/[\s;,|]+/g, ' ').trim())
    .join('\n');
}

function digest(shape: unknown): string {
  const sorted = JSON.stringify(shape, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('base64url').slice(0, 12);
}
