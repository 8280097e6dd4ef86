import { z } from 'zod';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Record<string, unknown>;

/** The schemas of a document, each once. */
export interface Schemas {
  /** A reference to a schema under a name. */
  named(name: string, schema: z.ZodType): JsonSchema;
  /** The schema itself, for what is used at one place. */
  inline(name: string, schema: z.ZodType): JsonSchema;
  /** All that have a name. */
  readonly components: Record<string, JsonSchema>;
}

const at = (name: string): string => `#/components/schemas/${name}`;

/** Collects schemas. What goes in is described, which is what a client has to send. */
export function createSchemas(): Schemas {
  const components: Record<string, JsonSchema> = {};

  function inline(name: string, schema: z.ZodType): JsonSchema {
    const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    const { $schema: _, $defs = {}, ...rest } = made;
    // What it names for itself stands at the document's root, where its references look.
    const place = (reference: string): string =>
      reference === '#' ? at(name) : at(`${name}.${reference.replace('#/$defs/', '')}`);
    for (const [key, one] of Object.entries($defs as Record<string, JsonSchema>))
      components[`${name}.${key}`] = moved(one, place);
    return moved(rest, place);
  }

  return {
    inline,
    named(name, schema) {
      components[name] ??= inline(name, schema);
      return { $ref: at(name) };
    },
    components,
  };
}

/** The same with its references at another place. */
function moved<T>(part: T, place: (reference: string) => string): T {
  if (Array.isArray(part)) return part.map((one) => moved(one, place)) as T;
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      key === '$ref' ? place(value as string) : moved(value, place),
    ]),
  ) as T;
}
