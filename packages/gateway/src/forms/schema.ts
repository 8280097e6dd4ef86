import { RealtimeError } from '@netbuild/realtime-protocol';
import { isExpression } from './feel.ts';
import { FIELD_KINDS, type FieldKind, TIMES } from './fields.ts';
import { isExact } from './rules.ts';

/** A part of a form-js schema, as somebody has deployed it. */
export type Component = Readonly<Record<string, unknown>>;

/** What may be chosen from. */
export type Options =
  | { values: readonly unknown[] }
  /** They are the value of this variable. */
  | { key: string };

/** A field that can be filled in. */
export interface Field {
  key: string;
  kind: FieldKind;
  component: Component;
  rules: Readonly<Record<string, unknown>>;
  options: Options | undefined;
  /** It is hidden as soon as one of these holds: its own condition, or one of the groups that it is in. */
  hide: readonly `=${string}`[];
  isDisabled: boolean;
  readonly: boolean | `=${string}`;
}

/** What is filled in of a form, and by which rules. */
export interface Form {
  fields: readonly Field[];
  /** The variables that it shows, or has its options from. */
  variables: readonly string[];
}

/** Parts that only show something, or lay others out. */
const SHOWN = new Set(['text', 'html', 'image', 'iframe', 'separator', 'spacer', 'button', 'group']);

/** Parts of parts; more is no form that people fill in. */
const MOST_LEVELS = 10;

const MOST_FIELDS = 500;

/** Where form-js would read a path, and the engine a list of names. */
const KEY = /^(?!__proto__$)[^.,\s[\]]{1,255}$/;

/**
 * Reads which fields a form-js schema has.
 *
 * @throws RealtimeError `form_unsupported` that names the part which can not be checked here
 */
export function readForm(schema: object): Form {
  const { type = 'default', components } = schema as Component;
  if (type !== 'default' || !Array.isArray(components)) throw unsupported('', 'no form-js schema');
  const fields: Field[] = [];
  collect(components, [], 1, fields);
  const keys = fields.map(({ key }) => key);
  const double = keys.find((key, i) => keys.indexOf(key) !== i);
  if (double !== undefined) throw unsupported(double, 'a key that two fields have');
  if (fields.length > MOST_FIELDS) throw unsupported('', `a form of more than ${MOST_FIELDS} fields`);
  const lists = fields.flatMap(({ options }) => (options && 'key' in options ? [options.key] : []));
  return { fields, variables: [...new Set([...keys, ...lists])] };
}

function collect(components: readonly unknown[], hide: Field['hide'], level: number, fields: Field[]): void {
  if (level > MOST_LEVELS) throw unsupported('', `a form of more than ${MOST_LEVELS} levels`);
  for (const one of components) {
    const component = (typeof one === 'object' && one !== null ? one : {}) as Component;
    const { type, conditional, components: inner, path, isRepeating } = component;
    const condition = (conditional as Component | undefined)?.hide;
    const all = isExpression(condition) ? [...hide, condition] : hide;
    const called = textOf(type);
    const kind = Object.hasOwn(FIELD_KINDS, called) ? FIELD_KINDS[called] : undefined;
    if (kind) fields.push(fieldOf(component, kind, all));
    else if (!SHOWN.has(called)) throw unsupported(nameOf(component), `the component ${called}`);
    else if (isRepeating) throw unsupported(nameOf(component), 'a group that repeats');
    else if (path !== undefined && path !== '') throw unsupported(nameOf(component), 'a group with a path');
    else if (Array.isArray(inner)) collect(inner, all, level + 1, fields);
  }
}

function fieldOf(component: Component, kind: FieldKind, hide: Field['hide']): Field {
  const { key, validate, disabled = false, readonly = false } = component;
  if (typeof key !== 'string' || !KEY.test(key))
    throw unsupported(nameOf(component), 'a key that is a path, or none');
  if (typeof disabled !== 'boolean') throw unsupported(key, 'disabled by an expression');
  const steps = [component.increment, component.decimalDigits].filter(
    (step) => step !== undefined && step !== null,
  );
  if (component.type === 'number' && !steps.every((step) => isExact(step) && Number(step) >= 0))
    throw unsupported(key, 'a step that is no number');
  if (!isDefault(component)) throw unsupported(key, 'a default that is no value of it');
  if (typeof readonly !== 'boolean' && !isExpression(readonly)) throw unsupported(key, 'readonly by a text');
  return {
    key,
    kind,
    component: component.type === 'datetime' ? { subtype: 'date', ...component } : component,
    rules: rulesOf(key, kind, (validate ?? {}) as Component),
    options: optionsOf(key, component),
    hide,
    isDisabled: disabled,
    readonly,
  };
}

/** Rules look at the text of what stands in a field, also where nobody has filled it in. */
function isDefault({ type, defaultValue }: Component): boolean {
  return typeof (defaultValue ?? '') !== 'object' || !['textfield', 'textarea'].includes(textOf(type));
}

function rulesOf(key: string, kind: FieldKind, rules: Component): Component {
  for (const [name, value] of Object.entries(rules)) {
    if (!kind.rules.includes(name)) throw unsupported(key, `the rule ${name}`);
    if (!isRule(name, value)) throw unsupported(key, `the rule ${name} as it is`);
  }
  return rules;
}

function isRule(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  switch (name) {
    case 'required':
      return typeof value === 'boolean';
    case 'pattern':
      return typeof value === 'string' && isPattern(value);
    case 'patternErrorMessage':
      return typeof value === 'string';
    case 'validationType':
      return ['', 'custom', 'email', 'phone'].includes(textOf(value));
    default:
      return typeof value === 'number' || typeof value === 'string';
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function optionsOf(key: string, component: Component): Options | undefined {
  const { type, values, valuesKey, valuesExpression, subtype = 'date' } = component;
  if (type === 'datetime' && !Object.hasOwn(TIMES, textOf(subtype)))
    throw unsupported(key, `the subtype ${textOf(subtype)}`);
  if (!['radio', 'select', 'checklist', 'taglist'].includes(textOf(type))) return undefined;
  if (valuesExpression) throw unsupported(key, 'options by an expression');
  if (typeof valuesKey === 'string' && valuesKey !== '') {
    if (!KEY.test(valuesKey)) throw unsupported(key, 'options at a path');
    return { key: valuesKey };
  }
  if (!Array.isArray(values)) throw unsupported(key, 'no options');
  return { values };
}

function nameOf({ key, id, type }: Component): string {
  return textOf(key ?? id ?? type ?? '');
}

/** Some objects can not be told as a text. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'that is an object' : String(value);
}

function unsupported(field: string, what: string): RealtimeError {
  const name = field.slice(0, 200);
  return new RealtimeError('form_unsupported', {
    ...(name === '' ? {} : { field: name }),
    message: `${name === '' ? 'The form' : name}: ${what.slice(0, 200)} can not be checked here.`,
  });
}
