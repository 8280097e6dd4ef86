import { isDeepStrictEqual } from 'node:util';
import { type FieldFault, RealtimeError } from '@netbuild/realtime-protocol';
import { evaluate, holds, isExpression } from './feel.ts';
import { inTime } from './in-time.ts';
import { faultsOf } from './rules.ts';
import type { Field, Form } from './schema.ts';

/** The rules that form-js takes as expressions. */
const EVALUATED = new Set(['min', 'max', 'minLength', 'maxLength']);

/** Values by the keys of fields. */
type Values = Record<string, unknown>;

/** What the fields of a form have to begin with, by what the engine has. */
export function initialValues({ fields }: Form, known: Values): Values {
  return Object.fromEntries(
    fields.map((field) => {
      const { key, kind, component } = field;
      const value = Object.hasOwn(known, key) ? known[key] : undefined;
      if (value !== undefined) return [key, kind.sanitize(value, field, optionsIn(field, known))];
      return [key, component.defaultValue ?? kind.empty];
    }),
  );
}

/**
 * Checks what was filled in, as form-js does before it is submitted: by the values of all fields, those that are
 * hidden or disabled left out. Beyond that it refuses what a person could not have filled in there.
 *
 * @param known the variables of the form, as the engine has them
 * @returns what is submitted: of each field that is shown and not disabled its value
 * @throws RealtimeError `invalid` with all that is at fault; `form_unsupported` where a rule can not be checked, or it
 *   takes too long
 */
export function checkFilledIn(form: Form, known: Values, filledIn: Values): Values {
  return inTime(() => checked(form, known, filledIn));
}

function checked(form: Form, known: Values, filledIn: Values): Values {
  const { fields } = form;
  const initial = initialValues(form, known);
  const values: Values = { ...initial };
  const faults: FieldFault[] = [];
  const fault = (key: string, message: string) => faults.push({ field: `data.${key}`, message });

  const byKey = new Map(fields.map((field) => [field.key, field]));
  for (const [key, said] of Object.entries(filledIn)) {
    const field = byKey.get(key);
    if (!field) {
      fault(key, 'The form has no such field.');
      continue;
    }
    const value = said ?? field.kind.empty;
    values[key] = value;
    const taken = isEmpty(value, field) ? value : field.kind.sanitize(value, field, optionsIn(field, known));
    if (!isDeepStrictEqual(taken, value)) fault(key, field.kind.refusal);
  }

  const shown = shownValues(fields, known, initial, values);
  const submitted: Values = {};
  for (const field of fields) {
    const { key } = field;
    const isSaid = Object.hasOwn(filledIn, key);
    if (field.isDisabled || isHidden(field, shown)) {
      if (isSaid) fault(key, 'This can not be filled in.');
      continue;
    }
    const isKept = isSaid && isReadonly(field, shown) && !isDeepStrictEqual(values[key], initial[key]);
    if (isKept) fault(key, 'This can not be changed.');
    submitted[key] = values[key];
    // One that can not be filled in has been told.
    if (faults.some((one) => one.field === `data.${key}`)) continue;
    const rules = Object.fromEntries(
      Object.entries(field.rules).map(([name, rule]) => [
        name,
        EVALUATED.has(name) && isExpression(rule) ? evaluate(rule, shown) : rule,
      ]),
    );
    for (const message of faultsOf(field.component, rules, values[key])) fault(key, message);
  }
  const [first] = faults;
  if (!first) return submitted;
  const { field, message } = first;
  throw new RealtimeError('invalid', { field, message: `${field}: ${message}`, faults });
}

function isEmpty(value: unknown, { kind }: Field): boolean {
  return isDeepStrictEqual(value, kind.empty);
}

/** What may be chosen in a field, as form-js reads it. */
function optionsIn({ options }: Field, known: Values): unknown[] {
  const list = options && ('key' in options ? known[options.key] : options.values);
  return Array.isArray(list) ? list.flatMap(optionOf) : [];
}

function optionOf(option: unknown): unknown[] {
  if (isChoice(option)) return [option];
  if (typeof option !== 'object' || option === null) return [];
  const { label, value } = option as { label?: unknown; value?: unknown };
  if (isChoice(value)) return [value];
  const isWhole = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  return isWhole && typeof label === 'string' && label !== '' ? [value] : [];
}

function isChoice(value: unknown): boolean {
  return (
    value === false || value === 0 || (['number', 'string', 'boolean'].includes(typeof value) && !!value)
  );
}

/** What expressions see: of a field that is hidden by what is filled in, what it had to begin with. */
function shownValues(fields: readonly Field[], known: Values, initial: Values, values: Values): Values {
  const all = { ...known, ...values };
  const shown = { ...all };
  for (const field of fields) if (isHidden(field, all)) shown[field.key] = initial[field.key];
  return shown;
}

function isHidden({ hide }: Field, values: Values): boolean {
  return hide.some((condition) => holds(condition, values));
}

function isReadonly({ readonly }: Field, values: Values): boolean {
  return isExpression(readonly) ? holds(readonly, values) : readonly;
}
