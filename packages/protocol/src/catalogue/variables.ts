import { z } from 'zod';
import { id } from './fields.ts';

/** The most variables that a row has. */
export const MAX_VARIABLES = 50;

/** The most characters of all variables of a row, as JSON. */
export const MAX_VARIABLES_LENGTH = 16_000;

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** The variables of a row, as far as the engine's side names them. */
export const variableFields = {
  variables: z.record(id, value).optional(),
  /** Variables that there are but whose value is not here: too long, no JSON value, or beyond the limits of a row. */
  omittedVariables: z.array(id).max(MAX_VARIABLES).optional(),
};

/** What a source says of variables; of those that it does not name, nothing. */
export const variablesReported = z
  .object({
    set: z.record(id, value),
    remove: z.array(id),
    /** They are set, to something that is not sent. */
    omit: z.array(id),
  })
  .partial();

type Row = { [K in keyof typeof variableFields]?: z.infer<(typeof variableFields)[K]> };

/**
 * The variables after a report. What goes beyond the limits of a row is omitted by name, what has come last before
 * what was there; of more omitted names than {@link MAX_VARIABLES} only so many are told. A row without any has
 * neither field.
 */
export function withVariables(before: Row, said: z.infer<typeof variablesReported> | undefined): Row {
  const { variables, omittedVariables } = before;
  if (!said) return { variables, omittedVariables };
  const { set = {}, remove = [], omit = [] } = said;
  // Names are anybody's, `__proto__` too: no object is written to under them.
  const values = new Map(Object.entries(variables ?? {}));
  const omitted = new Set(omittedVariables);
  for (const name of remove) {
    values.delete(name);
    omitted.delete(name);
  }
  for (const name of omit) {
    values.delete(name);
    omitted.add(name);
  }
  for (const [name, value] of Object.entries(set)) {
    values.set(name, value);
    omitted.delete(name);
  }
  let length = 0;
  let count = 0;
  for (const [name, value] of [...values]) {
    const own = JSON.stringify([name, value]).length;
    if (count < MAX_VARIABLES && length + own <= MAX_VARIABLES_LENGTH) {
      length += own;
      count++;
    } else {
      values.delete(name);
      omitted.add(name);
    }
  }
  return {
    variables: values.size > 0 ? Object.fromEntries(values) : undefined,
    omittedVariables: omitted.size > 0 ? [...omitted].sort().slice(0, MAX_VARIABLES) : undefined,
  };
}
