/** What a schema of zod asks for, as JSON Schema. */
export const schemaOf = (schema) => schema.toJSONSchema({ io: 'input', unrepresentable: 'any' });
