import { RealtimeError, type Variable } from '@netbuild/realtime-protocol';
import type { ModelField, ModelForm } from './form-data.ts';

/** How the value of a field stands in the engine, where that differs from how it is filled in. */
export interface Conversion {
  fromEngine(value: unknown): unknown;
  toEngine(value: unknown): Variable;
}

/** A generated form, in the terms of form-js. */
export interface GeneratedForm {
  schema: Record<string, unknown>;
  conversions: ReadonlyMap<string, Conversion>;
}

/** What a field is in form-js, and what its value is in the engine. */
type Translate = (field: ModelField) => { component: object; conversion?: Conversion };

/** Where the engine is told no other. */
const DEFAULT_PATTERN = 'dd/MM/yyyy';

const FIELDS: Record<string, Translate | undefined> = {
  string: () => ({ component: { type: 'textfield' } }),
  long: () => ({
    component: { type: 'number', decimalDigits: 0 },
    conversion: {
      fromEngine: (value) => value,
      toEngine: (value) => (typeof value === 'number' ? { type: 'Long', value } : null),
    },
  }),
  boolean: () => ({ component: { type: 'checkbox' } }),
  enum: ({ values }) => ({
    component: { type: 'select', values: values.map(([value, label]) => ({ value, label })) },
  }),
  date: (field) => ({
    component: { type: 'datetime', subtype: 'date', dateLabel: field.label ?? field.id },
    conversion: dated(field),
  }),
};

/** The rule of form-js that a constraint of a field is, by the type of the field. */
const CONSTRAINTS: Record<string, Record<string, string | undefined> | undefined> = {
  string: { required: 'required', minlength: 'minLength', maxlength: 'maxLength' },
  long: { required: 'required', min: 'min', max: 'max' },
  boolean: { required: undefined },
  enum: { required: 'required' },
  date: { required: 'required' },
};

/**
 * Puts a generated form in the terms of form-js, so that it is shown and checked in one way.
 *
 * @throws RealtimeError `form_unsupported` that names the field
 */
export function generatedForm({ id, fields }: ModelForm): GeneratedForm {
  const conversions = new Map<string, Conversion>();
  const components = fields.map((field) => {
    const translate = Object.hasOwn(FIELDS, field.type) ? FIELDS[field.type] : undefined;
    if (!translate) throw unsupported(field, `the type ${field.type}`);
    const { component, conversion } = translate(field);
    if (conversion) conversions.set(field.id, conversion);
    const isReadonly = field.constraints.some(([name]) => name === 'readonly');
    return {
      id: field.id,
      key: field.id,
      label: field.label ?? field.id,
      ...component,
      // The engine takes nothing for such a field, not even what it has.
      ...(isReadonly ? { readonly: true, disabled: true } : {}),
      validate: rulesOf(field),
    };
  });
  return { schema: { type: 'default', id, components }, conversions };
}

function rulesOf(field: ModelField): Record<string, boolean | number> {
  const known = CONSTRAINTS[field.type]!;
  const rules: Record<string, boolean | number> = {};
  for (const [name, config = ''] of field.constraints) {
    if (name === 'readonly') continue;
    if (!Object.hasOwn(known, name)) throw unsupported(field, `the constraint ${name}`);
    const rule = known[name];
    // To the engine, a boolean that is not set is one that is `false`.
    if (rule === undefined) continue;
    const limit = Number(config);
    if (rule !== 'required' && !(config !== '' && Number.isInteger(limit)))
      throw unsupported(field, `the constraint ${name}, which is no whole number`);
    // The engine's `max` is the first number that it refuses.
    rules[rule] = rule === 'required' ? true : name === 'max' ? limit - 1 : limit;
  }
  return rules;
}

/** The engine has dates as texts by a pattern; form-js as `2026-12-24`. */
function dated(field: ModelField): Conversion {
  const { datePattern: pattern = DEFAULT_PATTERN } = field;
  const parts = [...pattern.matchAll(/yyyy|MM|dd/g)].map(([part]) => part);
  // Letters beside these are other parts of a time.
  if ([...parts].sort().join() !== 'MM,dd,yyyy' || /[A-Za-z']/.test(pattern.replace(/yyyy|MM|dd/g, '')))
    throw unsupported(field, `the pattern ${pattern}`);
  const written = new RegExp(
    `^${pattern.replace(/[^A-Za-z]/g, '\\$&').replace(/yyyy|MM|dd/g, (part) => `(?<${part}>\\d{${part.length}})`)}$`,
  );
  return {
    fromEngine: (value) => {
      const { yyyy, MM, dd } = written.exec(String(value))?.groups ?? {};
      return yyyy === undefined ? null : `${yyyy}-${MM}-${dd}`;
    },
    toEngine: (value) => {
      const [, yyyy, MM, dd] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(String(value)) ?? [];
      if (yyyy === undefined) return null;
      return pattern.replace('yyyy', yyyy).replace('MM', MM!).replace('dd', dd!);
    },
  };
}

function unsupported({ id }: ModelField, what: string): RealtimeError {
  return new RealtimeError('form_unsupported', {
    field: id,
    message: `${id}: ${what} can not be checked here.`,
  });
}
